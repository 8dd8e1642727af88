import type { Context } from "hono";
import { type Balances, balanceOf } from "../../domain/ledger.ts";
import { DAY_MS } from "../../domain/local-time.ts";
import { isOpen, POC_NOTICE_DAYS, type PocWallet, usedOf } from "../../domain/poc/wallet.ts";
import { isInTrash, type Resource } from "../../domain/resource.ts";
import type { App } from "../../http/context.ts";
import { fill } from "../../texts/fill.ts";
import { formatInstant } from "../../texts/locale.ts";
import { trialTexts } from "../../texts/trials.ts";
import { ROOMS } from "../rooms.ts";
import { mayEnter, readerOf } from "../visitor.ts";
import { Card, Money, Notice } from "./parts.tsx";
import { Day } from "./resource-cells.tsx";

/** Trial money and what lives on it. */
interface Trial {
  readonly pocWallet: PocWallet;
  readonly balances: Balances;
  readonly resources: readonly Resource[];
  readonly nowMs: number;
}

interface TrialProps {
  readonly c: Context<App>;
  readonly trial: Trial;
}

/** What is left of trial money, and until when. */
export function TrialCreditCard({ c, trial: { pocWallet, balances, nowMs } }: TrialProps) {
  const reader = readerOf(c);
  const texts = trialTexts[reader.locale];
  return (
    <Card title={texts.credit}>
      <p class="figure">
        <Money minor={balanceOf(balances, "poc")} reader={reader} />
      </p>
      <dl class="facts">
        <dt>{texts.granted}</dt>
        <dd>
          <Money minor={pocWallet.granted} reader={reader} />
        </dd>
        <dt>{texts.used}</dt>
        <dd>
          <Money minor={usedOf(pocWallet, balances)} reader={reader} />
        </dd>
        <dt>{isOpen(pocWallet, nowMs) ? texts.until : texts.ended}</dt>
        <dd>
          <Day atMs={pocWallet.expiresAtMs} nowMs={nowMs} reader={reader} />
        </dd>
      </dl>
      {mayEnter(c, "trialCredit") ? <a href={ROOMS.trialCredit.path}>{texts.history}</a> : null}
    </Card>
  );
}

/** As long before the end as its first mail; there is nothing to say of a wallet that nothing depends on. */
const NOTICE_MS = Math.max(...POC_NOTICE_DAYS.map((days) => -days)) * DAY_MS;

/** What comes with the wallet's end, and what is left to do after it. (Domain: POC.) */
export function TrialNotice({ c, trial: { pocWallet, balances, resources, nowMs } }: TrialProps) {
  const { locale, timeZone } = readerOf(c);
  const texts = trialTexts[locale];
  const trials = resources.filter(({ billing }) => billing === "poc");
  const running = trials.filter((resource) => !isInTrash(resource));
  const isAhead = isOpen(pocWallet, nowMs);
  const isSoon = pocWallet.expiresAtMs - nowMs <= NOTICE_MS;
  const isTold = isAhead
    ? isSoon && (running.length > 0 || balanceOf(balances, "poc") > 0)
    : trials.length > 0;
  if (!isTold) return null;
  const words = {
    instant: formatInstant(pocWallet.expiresAtMs, timeZone, locale),
    count: String(isAhead ? running.length : trials.length),
  };
  return (
    <Notice tone="warn">
      {fill(isAhead ? texts.endsSoon : texts.hasEnded, words)}{" "}
      {trials.length === 0 ? null : <a href={`${ROOMS.resources.path}?billing=poc`}>{texts.show}</a>}
    </Notice>
  );
}
