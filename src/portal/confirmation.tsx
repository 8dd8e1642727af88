import type { Context } from "hono";
import type { AccountId, RecipientId } from "../domain/ids.ts";
import { ask } from "../http/commands.ts";
import type { App } from "../http/context.ts";
import { type Pass, readPass } from "../http/links.ts";
import { routes } from "../http/openapi.ts";
import { recipientTexts } from "../texts/recipients.ts";
import { chooseLanguage, languageOf } from "./language.ts";
import { beforePages } from "./security.ts";
import { closed, failedPage } from "./ui/closed.tsx";
import { answerPage, Brand } from "./ui/document.tsx";

const PATH = "/recipients/confirm";

/** Where somebody says yes to an account's mails. Opening the link alone confirms nothing: programs open links, too. */
export const confirmation = routes();
confirmation.use(PATH, ...beforePages, chooseLanguage);
confirmation.onError(failedPage);
confirmation.get(PATH, async (c) => {
  const pass = await readPass(c.env, "recipient_link", c.req.query("code"));
  return pass ? question(c) : invalid(c);
});
confirmation.post(PATH, async (c) => {
  const pass = await readPass(c.env, "recipient_link", c.req.query("code"));
  return pass ? confirm(c, pass) : invalid(c);
});

async function confirm(c: Context<App>, { account, recipient }: Pass<"recipient_link">) {
  const texts = recipientTexts[languageOf(c)];
  c.set("principal", { role: "user", account: account as AccountId, actions: [], subject: recipient });
  c.set("keyed", null);
  const command = { type: "confirm_recipient", recipient: recipient as RecipientId } as const;
  const outcome = await ask(c, account as AccountId, command);
  if (outcome.kind !== "answered") return invalid(c);
  return closed(c, { status: 200, title: texts.confirmed, hint: texts.confirmedHint });
}

function question(c: Context<App>) {
  const locale = languageOf(c);
  const texts = recipientTexts[locale];
  const content = (
    <section class="card">
      <h1>{texts.question}</h1>
      <p class="quiet">{texts.questionHint}</p>
      <form method="post">
        <button type="submit" class="primary">
          {texts.confirm}
        </button>
      </form>
    </section>
  );
  const header = <Brand locale={locale} />;
  return answerPage(c, { locale, title: texts.question, header, width: "narrow" }, content);
}

function invalid(c: Context<App>) {
  const texts = recipientTexts[languageOf(c)];
  return closed(c, { status: 403, title: texts.linkInvalid, hint: texts.linkHint });
}
