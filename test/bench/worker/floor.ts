import { DurableObject } from "cloudflare:workers";

interface FloorEnv {
  readonly FLOOR: DurableObjectNamespace<FloorObject>;
}

/** The least that an object can do and have it last: one row updated, one added. */
export class FloorObject extends DurableObject<FloorEnv> {
  readonly #sql: SqlStorage;

  constructor(ctx: DurableObjectState, env: FloorEnv) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    this.#sql.exec("CREATE TABLE IF NOT EXISTS head (id INTEGER PRIMARY KEY, n INTEGER NOT NULL)");
    this.#sql.exec("CREATE TABLE IF NOT EXISTS entries (n INTEGER PRIMARY KEY, body TEXT NOT NULL)");
    this.#sql.exec("INSERT INTO head VALUES (1, 0) ON CONFLICT DO NOTHING");
  }

  async write(body: string): Promise<void> {
    this.#sql.exec("UPDATE head SET n = n + 1");
    this.#sql.exec("INSERT INTO entries (body) VALUES (?)", body);
  }
}

export default {
  async fetch(request, env) {
    await env.FLOOR.getByName(new URL(request.url).pathname).write(await request.text());
    return new Response(null, { status: 204 });
  },
} satisfies ExportedHandler<FloorEnv>;
