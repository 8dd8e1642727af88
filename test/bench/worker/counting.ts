import type { Parcel } from "../../../src/account/jobs.ts";
import worker, * as product from "../../../src/index.ts";
import { countAlarm } from "./count-alarms.ts";
import { takeCounts, tally } from "./counters.ts";
import { countBindings, countStorage } from "./instrument.ts";

/** The product with every object, statement and message counted. What is below stands before the classes of the same name. */
export * from "../../../src/index.ts";

export class AccountObject extends product.AccountObject {
  constructor(ctx: DurableObjectState, env: Env) {
    countStorage(ctx);
    countBindings(env);
    super(ctx, env);
  }

  override alarm(): Promise<void> {
    countAlarm(this.ctx, "ACCOUNTS.alarm");
    return super.alarm();
  }
}

/** Answers what was counted since it was asked last. */
const COUNTS_PATH = "/bench/counts";

export default {
  ...worker,
  fetch(request, env, ctx) {
    if (new URL(request.url).pathname === COUNTS_PATH) return Response.json(takeCounts());
    countBindings(env);
    tally("worker", request.method);
    return worker.fetch(request, env, ctx);
  },
  queue(batch, env) {
    countBindings(env);
    for (const { body } of batch.messages) tally("consumed", body.type);
    return worker.queue(batch, env);
  },
} satisfies ExportedHandler<Env, Parcel>;
