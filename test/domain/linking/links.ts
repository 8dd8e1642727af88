import type { HearLink, LinkHearing } from "../../../src/domain/commands/hear-link.ts";
import type { PayOrder } from "../../../src/domain/commands/pay-order.ts";
import type { StartLink } from "../../../src/domain/commands/start-link.ts";
import type { LinkedAccountId, SealedText } from "../../../src/domain/linking/linked-account.ts";
import { MOMO, payAt } from "../attempts/attempts.ts";

/** Links of the tests are numbered. */
export const linkId = (n: number): LinkedAccountId => `link_${n}` as LinkedAccountId;

/** Nobody in these tests can open anything. */
export const sealed = (content: string): SealedText => ({ keyId: "k", iv: "i", ciphertext: content });

export const startLink = (n = 1, gateway: StartLink["gateway"] = "momo"): StartLink => ({
  type: "start_link",
  link: linkId(n),
  gateway,
  returnUrl: "https://console.example/accounts",
});

export const hearLink = (heard: LinkHearing, n = 1, gateway: HearLink["gateway"] = "momo"): HearLink => ({
  type: "hear_link",
  link: linkId(n),
  gateway,
  heard,
});

export const linked = (n = 1): LinkHearing => ({
  kind: "linked",
  token: sealed(`token ${n}`),
  label: `09******0${n}`,
});

export const payLinked = (n = 1, attempt = 1, order = "ord_1"): PayOrder => ({
  ...payAt("linked", attempt, { terms: MOMO, order }),
  linkedAccount: linkId(n),
});
