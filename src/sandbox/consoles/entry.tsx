import type { Context } from "hono";
import type { App } from "../../http/context.ts";
import { languageOf } from "../../portal/language.ts";
import { answerPage, Brand } from "../../portal/ui/document.tsx";
import { Field } from "../../portal/ui/parts.tsx";
import { consoleTexts } from "../../texts/console.ts";
import { askBilling, askForAccount, type Problem, type Product } from "./billing.ts";
import { allConsoles } from "./state.ts";
import { CONSOLES_PATH, consolePath, signedInAccount, signIn } from "./visit.tsx";

/** Whom `npm start` opens an account for. */
const FIRST_ACCOUNT = "acc_demo";

/** Asks which customer one plays, and at which console. */
export const showEntry = (c: Context<App>) => entryPage(c, signedInAccount(c) ?? FIRST_ACCOUNT);

/** Signs the customer in, and opens the console. */
export async function enterConsole(c: Context<App>) {
  const { account, product } = await c.req.parseBody();
  const entered = typeof account === "string" ? account.trim() : "";
  const found = await askForAccount(c, entered);
  if (!found.ok) return entryPage(c, entered, found.error);
  signIn(c, found.value.id);
  return c.redirect(typeof product === "string" ? consolePath(product) : CONSOLES_PATH, 303);
}

async function entryPage(c: Context<App>, account: string, refused?: Problem) {
  const locale = languageOf(c);
  const texts = consoleTexts[locale];
  const products = await productsOfConsoles(c);
  const content = (
    <section class="card">
      <h1>{texts.consoles}</h1>
      <p class="quiet">{texts.introduction}</p>
      <form method="post" action={CONSOLES_PATH} class="stack">
        <Field
          id="account"
          label={texts.customer}
          hint={texts.customerHint}
          error={refused && (refused.detail ?? refused.title)}
        >
          <input
            id="account"
            name="account"
            value={account}
            required
            spellcheck={false}
            autocomplete="off"
            aria-invalid={refused ? "true" : undefined}
            aria-describedby={refused ? "account-error account-hint" : "account-hint"}
          />
        </Field>
        <div class="row">
          {products.map(({ id, name }) => (
            <button type="submit" name="product" value={id} class="primary">
              {name}
            </button>
          ))}
        </div>
      </form>
      {products.length > 0 ? null : (
        <p class="quiet">
          {texts.noConsoles}: {texts.noConsolesHint}
        </p>
      )}
    </section>
  );
  const props = {
    locale,
    title: texts.consoles,
    header: <Brand locale={locale} />,
    width: "slim",
  } as const;
  return answerPage(c, props, content, refused ? 422 : 200);
}

/** What is sold where there is a console: each asks for its own product. */
async function productsOfConsoles(c: Context<App>): Promise<Product[]> {
  const consoles = await allConsoles(c.env);
  const asked = consoles.map(({ product }) =>
    askBilling<Product>(c, product, `/v1/catalog/products/${encodeURIComponent(product)}`),
  );
  return (await Promise.all(asked)).flatMap((answer) => (answer.ok ? [answer.value] : []));
}
