import type { HearGateway } from "../../src/domain/commands/hear-gateway.ts";
import type { ResourceId } from "../../src/domain/ids.ts";
import { topUp } from "../domain/attempts/attempts.ts";
import { failed, grantCredit, succeeded } from "../domain/commands.ts";
import { accountOf, orderId } from "../domain/samples.ts";
import { given } from "./scenario.ts";

export const opening = (name: string) =>
  given(({ account: id }) => {
    const { createdAtMs: _, ...account } = accountOf({ id, name, email: `${id}@example.com` });
    return { type: "configure_account", account };
  });
export const opened = opening("An");
export const grant = (amount: number) => given(({ attempt }) => grantCredit(amount, `grant_${attempt}`));
export const rich = grant(1_000_000);
export const delivered = (line: string) => given(() => succeeded(line));
export const notDelivered = (line: string) => given(() => failed(line));
export const RESOURCE = "res_1.1" as ResourceId;
export const SECOND = orderId("ord_2");
export const said = (command: HearGateway) => given(() => command);
export const postpaid = given(({ account: id }) => {
  const more = {
    id,
    name: "An",
    email: `${id}@example.com`,
    billingMode: "postpaid",
    shortId: "7QK",
  } as const;
  const { createdAtMs: _, ...account } = accountOf(more);
  return { type: "configure_account", account };
});
export const bought = given(() => topUp(200_000));
