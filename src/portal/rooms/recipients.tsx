import type { Context } from "hono";
import { z } from "zod";
import type { RecipientId } from "../../domain/ids.ts";
import { CONFIRMATION_LIFE_MS, type Recipient } from "../../domain/recipient.ts";
import { askRecipient } from "../../http/ask-recipient.ts";
import { now } from "../../http/clock.ts";
import { ask } from "../../http/commands.ts";
import type { App } from "../../http/context.ts";
import { formatInstant } from "../../texts/locale.ts";
import { recipientTexts } from "../../texts/recipients.ts";
import { enteredIn, invalid, type Told } from "../form.ts";
import { languageOf } from "../language.ts";
import { refusalTold } from "../order-here.ts";
import { ROOMS } from "../rooms.ts";
import { Badge, Card, Field, Notice, type Reader, Rows } from "../ui/parts.tsx";
import { portalPage } from "../ui/portal-page.tsx";
import { readerOf } from "../visitor.ts";

const emailSchema = z.email().max(254);

/** Who gets the account's mails beside its owner, and the form that asks somebody else. */
export const recipients = (c: Context<App>) => page(c, { status: 200 });

export async function addRecipient(c: Context<App>) {
  const entered = await enteredIn(c);
  const texts = recipientTexts[languageOf(c)];
  const email = emailSchema.safeParse(entered.email?.trim());
  if (!email.success) return page(c, { status: 422, entered, errors: { email: texts.emailInvalid } });
  const outcome = await askRecipient(c, c.var.account.id, email.data);
  if (outcome.kind === "too_many_requests")
    return page(c, { status: 429, entered, errors: { email: texts.tooMany } });
  return outcome.kind === "answered"
    ? c.redirect(ROOMS.recipients.path, 303)
    : page(c, { ...refusalTold(c, outcome), entered });
}

export async function removeRecipient(c: Context<App>) {
  const { recipient = "" } = await enteredIn(c);
  await ask(c, c.var.account.id, { type: "remove_recipient", recipient: recipient as RecipientId });
  return c.redirect(ROOMS.recipients.path, 303);
}

function page(c: Context<App>, { status, notice, entered = {}, errors = {} }: Told) {
  const reader = readerOf(c);
  const texts = recipientTexts[reader.locale];
  const { email, recipients: known } = c.var.account;
  const content = (
    <>
      <div>
        <h1>{texts.title}</h1>
        <p class="quiet">{texts.hint}</p>
      </div>
      {notice ? <Notice tone={notice.tone}>{notice.text}</Notice> : null}
      {known.length === 0 ? (
        <p class="card empty">{texts.none.replace("{email}", email)}</p>
      ) : (
        <Rows
          caption={texts.title}
          rows={known}
          columns={[
            { title: texts.email, cell: (recipient) => recipient.email, isLead: true },
            {
              title: texts.status,
              cell: (recipient) => <Standing recipient={recipient} reader={reader} nowMs={now(c)} />,
            },
            { title: texts.actions, cell: ({ id }) => <Remove id={id} word={texts.remove} />, align: "end" },
          ]}
        />
      )}
      <Card>
        <form method="post">
          <Field id="email" label={texts.email} error={errors.email}>
            <div class="joined">
              <input
                id="email"
                name="email"
                type="email"
                autocomplete="off"
                value={entered.email ?? ""}
                {...invalid("email", errors)}
              />
              <button type="submit">{texts.add}</button>
            </div>
          </Field>
        </form>
      </Card>
    </>
  );
  return portalPage(c, texts.title, content, { status });
}

interface StandingProps {
  readonly recipient: Recipient;
  readonly reader: Reader;
  readonly nowMs: number;
}

const Standing = ({ recipient: { askedAtMs, confirmedAtMs }, reader, nowMs }: StandingProps) => {
  const texts = recipientTexts[reader.locale];
  const untilMs = askedAtMs + CONFIRMATION_LIFE_MS;
  if (confirmedAtMs !== null) return <Badge tone="good">{texts.confirmedStatus}</Badge>;
  if (nowMs >= untilMs) return <Badge tone="warn">{texts.lateStatus}</Badge>;
  const until = formatInstant(untilMs, reader.timeZone, reader.locale);
  return <span class="quiet">{texts.pendingStatus.replace("{until}", until)}</span>;
};

const Remove = ({ id, word }: { readonly id: RecipientId; readonly word: string }) => (
  <form method="post" action={ROOMS.removeRecipient.path}>
    <button type="submit" class="plain" name="recipient" value={id}>
      {word}
    </button>
  </form>
);
