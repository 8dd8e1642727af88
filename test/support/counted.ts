import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import worker from "../../src/index.ts";

/** What asking for something took of D1. */
export interface Counted {
  readonly response: Response;
  /** The queries, as they were sent. */
  readonly queries: readonly string[];
}

/** Sends a request to the worker, with every query of D1 counted. */
export async function counting(request: Request): Promise<Counted> {
  const queries: string[] = [];
  const counted = new Proxy(env.DB, {
    get(database, name) {
      if (name === "prepare")
        return (query: string) => {
          queries.push(query);
          return database.prepare(query);
        };
      const member = Reflect.get(database, name);
      return typeof member === "function" ? member.bind(database) : member;
    },
  });
  const context = createExecutionContext();
  const response = await worker.fetch(
    request as Request<unknown, IncomingRequestCfProperties>,
    { ...env, DB: counted },
    context,
  );
  await waitOnExecutionContext(context);
  return { response, queries };
}
