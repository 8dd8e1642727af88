import type { Invoice } from "../../domain/invoice.ts";
import type { CreditEntry, PocEntry } from "../../domain/ledger.ts";
import type { Payment } from "../../domain/payment.ts";
import type { BillingStatus, Resource, ResourceState } from "../../domain/resource.ts";
import type { Locale } from "../../texts/locale.ts";
import { statuses } from "../../texts/statuses.ts";
import { Badge, type Tone } from "./parts.tsx";

/** How good or bad news each state is. */
const TONES = {
  invoice: { paid: "good", partially_paid: "warn", unpaid: "bad" } satisfies Record<Invoice["status"], Tone>,
  payment: { succeeded: "good", pending: "accent", failed: "bad" } satisfies Record<Payment["status"], Tone>,
  paymentKind: { payment: "neutral", refund: "accent", deposit: "accent" } satisfies Record<
    Payment["kind"],
    Tone
  >,
  credit: {
    deposit: "good",
    adjustment: "neutral",
    refund: "accent",
    purchase: "neutral",
    hold: "warn",
    release: "neutral",
  } satisfies Record<CreditEntry["type"], Tone>,
  trial: { grant: "good", purchase: "neutral", refund: "accent", expiry: "warn" } satisfies Record<
    PocEntry["type"],
    Tone
  >,
  paidBy: { prepaid: "neutral", postpaid: "neutral", hold: "neutral", poc: "accent" } satisfies Record<
    Resource["billing"],
    Tone
  >,
  resource: {
    provisioning: "accent",
    active: "good",
    stopped: "neutral",
    restricted: "warn",
    suspended: "bad",
    deleted: "neutral",
  } satisfies Record<ResourceState, Tone>,
  billing: { good: "good", warning: "warn", alerted: "bad", expired: "bad" } satisfies Record<
    BillingStatus,
    Tone
  >,
} as const;

type Of = typeof TONES;

/** A state or kind as a badge, in words. */
export const Status = <K extends keyof Of>({
  of,
  is,
  locale,
}: {
  readonly of: K;
  readonly is: keyof Of[K] & string;
  readonly locale: Locale;
}) => {
  const tones: Readonly<Record<string, Tone>> = TONES[of];
  const words: Readonly<Record<string, string>> = statuses[locale][of];
  return <Badge tone={tones[is] ?? "neutral"}>{words[is]}</Badge>;
};
