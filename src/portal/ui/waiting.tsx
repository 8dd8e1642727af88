import type { Attempt } from "../../domain/attempts/attempt.ts";
import { letsGoAtMs } from "../../domain/attempts/attempt.ts";
import { MINUTE_MS } from "../../domain/local-time.ts";
import { fill } from "../../texts/fill.ts";
import { GATEWAY_TITLES } from "../../texts/gateways.ts";
import { payingTexts } from "../../texts/paying.ts";
import { Moment, Money, type Reader } from "./parts.tsx";

/** Whoever has just been at the gateway wants to know at once; later, now and then is enough. */
const IMPATIENCE_MS = 2 * MINUTE_MS;
const SOON_SECONDS = 2;
const LATER_SECONDS = 10;

interface Awaited {
  readonly attempt: Attempt;
  readonly reader: Reader;
  readonly nowMs: number;
}

/** What an open attempt waits for: its payer, or its gateway's word. */
export function waitingTitle({ attempt, reader, nowMs }: Awaited): string {
  const { waitingTitle, askingTitle } = payingTexts[reader.locale];
  const title = isForPayer(attempt, nowMs) ? waitingTitle : askingTitle;
  return fill(title, { gateway: GATEWAY_TITLES[attempt.gateway] });
}

/** A payment at a gateway that isn't decided yet: what is waited for, until when, and what happens otherwise. It looks again by itself. */
export const Waiting = ({ anotherWay, ...awaited }: Awaited & { readonly anotherWay: string }) => {
  const { attempt, reader, nowMs } = awaited;
  const texts = payingTexts[reader.locale];
  const gateway = GATEWAY_TITLES[attempt.gateway];
  const isNew = nowMs < attempt.createdAtMs + IMPATIENCE_MS;
  return (
    <section class="card contained" data-refresh={isNew ? SOON_SECONDS : LATER_SECONDS}>
      <p>{fill(hintOf(awaited), { gateway })}</p>
      <Terms {...awaited} />
      <p class="hint">{attempt.held > 0 ? texts.ifItFailsHeld : texts.ifItFails}</p>
      <p class="row">
        {isForPayer(attempt, nowMs) && attempt.redirectUrl !== null ? (
          <a id="to-gateway" class="button primary" href={attempt.redirectUrl}>
            {fill(texts.goTo, { gateway })}
          </a>
        ) : null}
        <a id="another-way" class="button" href={anotherWay}>
          {texts.anotherWay}
        </a>
      </p>
    </section>
  );
};

const isForPayer = ({ expiresAtMs, redirectUrl }: Attempt, nowMs: number): boolean =>
  redirectUrl !== null && nowMs < expiresAtMs;

function hintOf({ attempt, reader, nowMs }: Awaited): string {
  const texts = payingTexts[reader.locale];
  if (nowMs >= attempt.expiresAtMs) return texts.askingHint;
  return attempt.redirectUrl === null ? texts.unreached : texts.waitingHint;
}

/** What the gateway takes, what is held beside it, and until when. */
const Terms = ({ attempt, reader, nowMs }: Awaited) => {
  const texts = payingTexts[reader.locale];
  const { amount, held, expiresAtMs } = attempt;
  const isOver = nowMs >= expiresAtMs;
  return (
    <dl class="facts">
      <dt>{fill(texts.atGateway, { gateway: GATEWAY_TITLES[attempt.gateway] })}</dt>
      <dd>
        <Money minor={amount} reader={reader} />
      </dd>
      {held === 0 ? null : (
        <>
          <dt>{texts.held}</dt>
          <dd>
            <Money minor={held} reader={reader} />
          </dd>
        </>
      )}
      {isOver && held === 0 ? null : (
        <>
          <dt>{isOver ? texts.heldUntil : texts.payUntil}</dt>
          <dd>
            <Moment atMs={isOver ? letsGoAtMs(attempt) : expiresAtMs} reader={reader} />
          </dd>
        </>
      )}
    </dl>
  );
};
