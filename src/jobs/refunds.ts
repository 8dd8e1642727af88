import { accountObject, execute } from "../account/client.ts";
import type { RefundStanding } from "../domain/commands/hear-refund.ts";
import type { AccountId } from "../domain/ids.ts";
import type { RefundId } from "../domain/refunds/source-refund.ts";
import type { Gateway, NotFound, RefundOutcome, RefundRequest } from "../gateways/port.ts";
import { log } from "../observability/log.ts";
import { simulatedNowMs } from "../store/clock.ts";
import { gatewaysAt } from "./attempts.ts";

type Asking = (
  gateway: Gateway,
  request: RefundRequest,
  theirId: string | null,
) => Promise<RefundOutcome | NotFound>;

const querying: Asking = (gateway, request, theirId) => gateway.queryRefund(request, theirId);

/** Tells a refund's gateway of it, and has the account hear the answer. A lost one leaves it to be asked about. */
export const sendRefund = (
  env: Env,
  account: AccountId,
  id: RefundId,
  simulatedMs: number | null,
): Promise<void> => hear(env, account, id, simulatedMs, (gateway, request) => gateway.refund(request));

/** Asks how a refund stands, and has the account hear the answer; that there is none is one, too. */
export const askAboutRefund = (
  env: Env,
  account: AccountId,
  id: RefundId,
  simulatedMs: number | null,
): Promise<void> => hear(env, account, id, simulatedMs, querying);

/** The queue's part: the same, as of now. */
export const queryRefund = async (env: Env, account: AccountId, id: RefundId): Promise<void> =>
  askAboutRefund(env, account, id, await simulatedNowMs(env));

async function hear(
  env: Env,
  account: AccountId,
  id: RefundId,
  simulatedMs: number | null,
  asking: Asking,
): Promise<void> {
  const standing = await standingOfRefund(env, account, id, simulatedMs, asking);
  await execute(env, account, {
    command: { type: "hear_refund", refund: id, standing },
    ...{ caller: { role: "admin" }, keyed: null, actor: null, simulatedNowMs: simulatedMs },
  });
}

/** How a refund stands at its gateway. One that this installation has no keys for any more says nothing. */
export async function standingOfRefund(
  env: Env,
  account: AccountId,
  id: RefundId,
  simulatedMs: number | null,
  asking: Asking = querying,
): Promise<RefundStanding> {
  const found = await accountObject(env, account).refund(id);
  if (!found) return { kind: "not_found" };
  const { refund, attempt, captured, siblings } = found;
  const { amount: amountMinor, currency, createdAtMs, reason, requestedBy, gateway: name } = refund;
  const gateway = gatewaysAt(env, simulatedMs).get(name);
  if (!gateway || attempt.theirId === null) return { kind: "unknown" };
  const payment = {
    ...{ reference: attempt.id, createdAtMs: attempt.createdAtMs },
    ...{ amountMinor: captured.amount, theirId: attempt.theirId },
  };
  const said = await asking(
    gateway,
    { payment, refundReference: id, amountMinor, currency, createdAtMs, reason, requestedBy },
    refund.theirId,
  );
  // By another refund's number it speaks of that one.
  if ("theirId" in said && said.theirId !== null && siblings.some(({ theirId }) => theirId === said.theirId))
    return { kind: "unknown" };
  switch (said.kind) {
    case "refunded":
    case "pending":
      return { kind: said.kind, theirId: said.theirId };
    case "failed":
      return { kind: "failed", reason: said.reason };
    case "not_found":
      return { kind: "not_found" };
    case "unknown":
      log("warn", "gateway_refund_unknown", { gateway: name, detail: said.detail });
      return { kind: "unknown" };
  }
}
