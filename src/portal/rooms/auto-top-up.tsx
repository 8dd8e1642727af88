import type { Context } from "hono";
import { accountObject } from "../../account/client.ts";
import { type AutoTopUp, chargedIn } from "../../domain/auto-top-up/auto-top-up.ts";
import { balanceOf } from "../../domain/ledger.ts";
import type { LinkedAccount } from "../../domain/linking/linked-account.ts";
import { type Money as Amount, add, ZERO } from "../../domain/money.ts";
import { chargeable } from "../../http/begin-payment.ts";
import { now } from "../../http/clock.ts";
import { ask } from "../../http/commands.ts";
import type { App } from "../../http/context.ts";
import { setAutoTopUp } from "../../http/set-auto-top-up.ts";
import { autoTopUpTexts } from "../../texts/auto-top-up.ts";
import { fill } from "../../texts/fill.ts";
import { formatAmount, formatInstant, formatMoney } from "../../texts/locale.ts";
import { type Entered, enteredIn, type FieldErrors, invalid, readAmount, type Told } from "../form.ts";
import { refusalTold } from "../order-here.ts";
import { ROOMS } from "../rooms.ts";
import { nameOfLinked } from "../ui/linked-list.tsx";
import { Badge, Card, Fact, Field, Money, Notice, type Reader } from "../ui/parts.tsx";
import { portalPage } from "../ui/portal-page.tsx";
import { may, mayEnter, readerOf } from "../visitor.ts";

const AMOUNTS = ["threshold", "amount", "monthlyCap"] as const;

/** Credit that is bought by itself: how, from where, and what that came to this month. */
export const autoTopUp = (c: Context<App>) => page(c, { status: 200 });

export async function turnAutoTopUpOn(c: Context<App>) {
  const entered = await enteredIn(c);
  const { currency, locale } = readerOf(c);
  const texts = autoTopUpTexts[locale];
  const [threshold, amount, monthlyCap] = AMOUNTS.map(
    (name) => readAmount(entered[name] ?? "", currency) || null,
  );
  const linked = (await chargeable(c, c.var.account.id)).find(({ id }) => id === entered.linkedAccount);
  if (!threshold || !amount || !monthlyCap || !linked) {
    const read = { threshold, amount, monthlyCap };
    const wrong = AMOUNTS.filter((name) => !read[name]).map((name) => [name, texts.amountInvalid]);
    const errors = Object.fromEntries(linked ? wrong : [...wrong, ["linkedAccount", texts.linkedInvalid]]);
    return page(c, { status: 422, entered, errors });
  }
  const wanted = { threshold, amount, monthlyCap, linkedAccount: linked.id };
  const outcome = await setAutoTopUp(c, c.var.account.id, wanted);
  if (outcome.kind === "answered") return c.redirect(ROOMS.autoTopUp.path, 303);
  const told = refusalTold(c, outcome);
  const path = outcome.kind === "refused" && "path" in outcome.error ? outcome.error.path : "";
  return path in wanted && told.notice
    ? page(c, { status: told.status, entered, errors: { [path]: told.notice.text } })
    : page(c, { ...told, entered });
}

export async function turnAutoTopUpOff(c: Context<App>) {
  const outcome = await ask(c, c.var.account.id, { type: "set_auto_top_up", settings: null, terms: null });
  return outcome.kind === "answered"
    ? c.redirect(ROOMS.autoTopUp.path, 303)
    : page(c, refusalTold(c, outcome));
}

async function page(c: Context<App>, { status, notice, entered = {}, errors = {} }: Told) {
  const reader = readerOf(c);
  const texts = autoTopUpTexts[reader.locale];
  const object = accountObject(c.env, c.var.account.id);
  const [found, linked, balances] = await Promise.all([
    object.autoTopUp(),
    chargeable(c, c.var.account.id),
    may(c, "GetUserBalance") ? object.balances() : null,
  ]);
  const available = balances && balanceOf(balances.balances, "credit_available");
  const content = (
    <>
      <div>
        <h1>{texts.title}</h1>
        <p class="quiet">{texts.hint}</p>
      </div>
      {notice ? <Notice tone={notice.tone}>{notice.text}</Notice> : null}
      <State of={found} available={available} nowMs={now(c)} reader={reader} />
      {linked.length === 0 ? (
        <div class="card empty">
          <p>{texts.noLinked}</p>
          {mayEnter(c, "linkedAccounts") ? (
            <p>
              <a class="button primary" href={ROOMS.linkedAccounts.path}>
                {texts.toLinked}
              </a>
            </p>
          ) : null}
        </div>
      ) : (
        <SettingsForm {...{ found, linked, entered, errors, reader }} />
      )}
    </>
  );
  return portalPage(c, texts.title, content, { status });
}

interface StateProps {
  readonly of: AutoTopUp | null;
  readonly available: Amount | null;
  readonly nowMs: number;
  readonly reader: Reader;
}

/** How it stands, and what it did this month. */
const State = ({ of, available, nowMs, reader }: StateProps) => {
  const texts = autoTopUpTexts[reader.locale];
  const isOn = of?.isOn === true;
  const charged = of ? chargedIn(of, nowMs, reader.timeZone) : ZERO;
  return (
    <Card>
      <dl class="details">
        <Fact
          label={texts.status}
          main={<Badge tone={isOn ? "good" : "neutral"}>{isOn ? texts.on : texts.off}</Badge>}
          more={noteOf(of, charged, nowMs, reader) ?? undefined}
        />
        <Fact
          label={texts.thisMonth}
          main={<Money minor={charged} reader={reader} />}
          more={
            of?.isOn
              ? fill(texts.ofCap, { cap: formatMoney(of.monthlyCap, reader.currency, reader.locale) })
              : undefined
          }
        />
        {available === null ? null : (
          <Fact label={texts.available} main={<Money minor={available} reader={reader} />} />
        )}
      </dl>
      {isOn ? (
        <form method="post" action={ROOMS.turnAutoTopUpOff.path}>
          <button type="submit">{texts.turnOff}</button>
        </form>
      ) : null}
    </Card>
  );
};

/** What keeps it busy, or from charging. */
function noteOf(of: AutoTopUp | null, charged: Amount, nowMs: number, reader: Reader): string | null {
  const texts = autoTopUpTexts[reader.locale];
  if (!of) return null;
  if (of.attempt !== null) return texts.underWay;
  if (!of.isOn) return null;
  if (of.failures > 0 && of.notBeforeMs !== null && of.notBeforeMs > nowMs)
    return fill(texts.failures, { from: formatInstant(of.notBeforeMs, reader.timeZone, reader.locale) });
  return add(charged, of.amount) > of.monthlyCap ? texts.waits : null;
}

interface SettingsFormProps {
  readonly found: AutoTopUp | null;
  readonly linked: readonly LinkedAccount[];
  readonly entered: Entered;
  readonly errors: FieldErrors;
  readonly reader: Reader;
}

const SettingsForm = ({ found, linked, entered, errors, reader }: SettingsFormProps) => {
  const texts = autoTopUpTexts[reader.locale];
  const shown = (name: (typeof AMOUNTS)[number]) =>
    entered[name] ?? (found ? formatAmount(found[name], reader.currency, reader.locale) : "");
  const chosen = entered.linkedAccount ?? found?.linkedAccount ?? linked[0]?.id;
  return (
    <section class="card contained">
      <form method="post" action={ROOMS.turnAutoTopUpOn.path} class="stack" novalidate>
        {AMOUNTS.map((name) => (
          <Field
            id={name}
            label={`${texts[name]} (${reader.currency})`}
            error={errors[name]}
            {...(name === "amount" ? { hint: texts.amountHint } : {})}
          >
            <input
              id={name}
              name={name}
              inputmode="numeric"
              autocomplete="off"
              value={shown(name)}
              {...invalid(name, errors)}
            />
          </Field>
        ))}
        <Field id="linkedAccount" label={texts.linkedAccount} error={errors.linkedAccount}>
          <select id="linkedAccount" name="linkedAccount" {...invalid("linkedAccount", errors)}>
            {linked.map((account) => (
              <option value={account.id} selected={account.id === chosen}>
                {nameOfLinked(account)}
              </option>
            ))}
          </select>
        </Field>
        <div>
          <button type="submit" class="primary">
            {found?.isOn ? texts.save : texts.turnOn}
          </button>
        </div>
      </form>
    </section>
  );
};
