import type { Context } from "hono";
import { z } from "zod";
import { accountObject } from "../../account/client.ts";
import type { BudgetStanding } from "../../domain/budget/standing.ts";
import { type Money as Amount, subtract } from "../../domain/money.ts";
import { now } from "../../http/clock.ts";
import { ask } from "../../http/commands.ts";
import type { App } from "../../http/context.ts";
import { setBudget } from "../../http/set-budget.ts";
import { budgetTexts } from "../../texts/budget.ts";
import { fill } from "../../texts/fill.ts";
import { formatAmount, formatMoney, formatMonth } from "../../texts/locale.ts";
import { recipientTexts } from "../../texts/recipients.ts";
import { type Entered, enteredIn, type FieldErrors, invalid, readAmount, type Told } from "../form.ts";
import { refusalTold } from "../order-here.ts";
import { ROOMS } from "../rooms.ts";
import { nothingHere } from "../ui/closed.tsx";
import { Card, Fact, Field, Money, Notice, type Reader } from "../ui/parts.tsx";
import { portalPage } from "../ui/portal-page.tsx";
import { readerOf } from "../visitor.ts";

const emailSchema = z.email().max(254);

/** What was meant to be spent in the month, what it has cost so far, and what it may come to. */
export const budget = (c: Context<App>) => page(c, { status: 200 });

export async function changeBudget(c: Context<App>) {
  const entered = await enteredIn(c);
  const { currency, locale } = readerOf(c);
  const texts = budgetTexts[locale];
  const monthlyLimit = readAmount(entered.monthlyLimit ?? "", currency) || null;
  const address = (entered.alertEmail ?? "").trim();
  const email = address === "" ? null : emailSchema.safeParse(address);
  if (monthlyLimit === null || email?.success === false) {
    const errors = {
      ...(monthlyLimit === null ? { monthlyLimit: texts.limitInvalid } : {}),
      ...(email?.success === false ? { alertEmail: texts.emailInvalid } : {}),
    };
    return page(c, { status: 422, entered, errors });
  }
  const wanted = { monthlyLimit, alertEmail: email?.data ?? null };
  const outcome = await setBudget(c, c.var.account.id, wanted);
  if (outcome.kind === "too_many_requests")
    return page(c, { status: 429, entered, errors: { alertEmail: recipientTexts[locale].tooMany } });
  return outcome.kind === "answered"
    ? c.redirect(ROOMS.budget.path, 303)
    : page(c, { ...refusalTold(c, outcome), entered });
}

export async function removeBudget(c: Context<App>) {
  const outcome = await ask(c, c.var.account.id, { type: "set_budget", settings: null });
  return outcome.kind === "answered" ? c.redirect(ROOMS.budget.path, 303) : page(c, refusalTold(c, outcome));
}

async function page(c: Context<App>, { status, notice, entered = {}, errors = {} }: Told) {
  const reader = readerOf(c);
  const texts = budgetTexts[reader.locale];
  const standing = await accountObject(c.env, c.var.account.id).budget(now(c));
  if (!standing) return nothingHere(c);
  const content = (
    <>
      <div>
        <h1>{texts.title}</h1>
        <p class="quiet">{texts.hint}</p>
      </div>
      {notice ? <Notice tone={notice.tone}>{notice.text}</Notice> : null}
      <Standing standing={standing} reader={reader} />
      <BudgetForm {...{ standing, entered, errors, reader }} />
    </>
  );
  return portalPage(c, texts.title, content, { status });
}

interface StandingProps {
  readonly standing: BudgetStanding;
  readonly reader: Reader;
}

const Standing = ({ standing, reader }: StandingProps) => {
  const texts = budgetTexts[reader.locale];
  const { budget, month, spent, percent, projected, invoiced, used, told } = standing;
  const words = {
    percent: String(percent),
    month: formatMonth(month.startMs, reader.timeZone, reader.locale),
  };
  return (
    <Card title={fill(budget ? texts.spentOf : texts.noBudget, words)}>
      {budget ? (
        <progress
          class={tone(percent ?? 0)}
          max={budget.monthlyLimit}
          value={Math.min(Math.max(spent, 0), budget.monthlyLimit)}
          aria-label={fill(texts.spentOf, words)}
        >
          {percent}%
        </progress>
      ) : null}
      <dl class="details">
        <Fact
          label={texts.spent}
          main={<Money minor={spent} reader={reader} />}
          more={budget ? restOf(spent, budget.monthlyLimit, reader) : undefined}
        />
        {budget ? (
          <Fact
            label={texts.limit}
            main={<Money minor={budget.monthlyLimit} reader={reader} />}
            more={told > 0 ? fill(texts.told, { percent: String(told) }) : undefined}
          />
        ) : null}
        <Fact
          label={texts.projected}
          main={<Money minor={projected} reader={reader} />}
          more={texts.projectedHint}
        />
        <Fact label={texts.invoiced} main={<Money minor={invoiced} reader={reader} />} />
        <Fact label={texts.used} main={<Money minor={used} reader={reader} />} />
      </dl>
    </Card>
  );
};

const tone = (percent: number): string => (percent >= 100 ? "bad" : percent >= 80 ? "warn" : "good");

function restOf(spent: Amount, limit: Amount, { currency, locale }: Reader): string {
  const texts = budgetTexts[locale];
  const over = subtract(spent, limit);
  return fill(over > 0 ? texts.overBy : texts.left, {
    amount: formatMoney(Math.abs(over), currency, locale),
  });
}

interface BudgetFormProps extends StandingProps {
  readonly entered: Entered;
  readonly errors: FieldErrors;
}

const BudgetForm = ({ standing: { budget }, entered, errors, reader }: BudgetFormProps) => {
  const texts = budgetTexts[reader.locale];
  const { currency, locale } = reader;
  const alert = budget?.alert ?? null;
  const isWaiting = alert !== null && alert.confirmedAtMs === null;
  return (
    <section class="card contained">
      <h2>{budget ? texts.change : texts.set}</h2>
      <form method="post" action={ROOMS.changeBudget.path} class="stack" novalidate>
        <Field id="monthlyLimit" label={`${texts.monthlyLimit} (${currency})`} error={errors.monthlyLimit}>
          <input
            id="monthlyLimit"
            name="monthlyLimit"
            inputmode="numeric"
            autocomplete="off"
            value={
              entered.monthlyLimit ?? (budget ? formatAmount(budget.monthlyLimit, currency, locale) : "")
            }
            {...invalid("monthlyLimit", errors)}
          />
        </Field>
        <Field
          id="alertEmail"
          label={texts.alertEmail}
          hint={isWaiting ? fill(texts.waits, { email: alert.email }) : texts.alertHint}
          error={errors.alertEmail}
        >
          <input
            id="alertEmail"
            name="alertEmail"
            type="email"
            autocomplete="off"
            value={entered.alertEmail ?? alert?.email ?? ""}
            {...invalid("alertEmail", errors)}
          />
        </Field>
        <div>
          <button type="submit" class="primary">
            {texts.save}
          </button>
        </div>
      </form>
      {budget ? (
        <form method="post" action={ROOMS.removeBudget.path}>
          <button type="submit" class="plain">
            {texts.remove}
          </button>
        </form>
      ) : null}
    </section>
  );
};
