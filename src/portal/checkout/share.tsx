import { fill } from "../../texts/fill.ts";
import { formatInstant } from "../../texts/locale.ts";
import { sharingTexts } from "../../texts/sharing.ts";
import { type Entered, type FieldErrors, invalid } from "../form.ts";
import { Field, type Reader } from "../ui/parts.tsx";
import { Intent } from "./intent.tsx";
import type { Checkout } from "./session.tsx";

interface ShareProps {
  readonly checkout: Checkout;
  readonly reader: Reader;
  readonly entered: Entered;
  readonly errors: FieldErrors;
}

/** Asks somebody else to pay the order; the link that was sent is shown, and can be taken back. */
export const ShareForms = ({ checkout, reader, entered, errors }: ShareProps) => {
  const texts = sharingTexts[reader.locale];
  const { order, shareUrl } = checkout;
  const { share } = order;
  return (
    <details id="share" open={share !== null || errors.email !== undefined}>
      <summary id="share-summary">{texts.ask}</summary>
      <div class="card">
        {share === null || shareUrl === null ? (
          <p class="hint">{texts.askHint}</p>
        ) : (
          <>
            <form method="post" class="stack">
              <Intent of="unshare" />
              <p data-news="">
                {fill(texts.sentTo, {
                  email: share.email,
                  until: formatInstant(share.untilMs, reader.timeZone, reader.locale),
                })}
              </p>
              <Field id="share-link" label={texts.link}>
                <input id="share-link" readonly value={shareUrl} />
              </Field>
              <button type="submit" id="unshare" class="plain">
                {texts.takeBack}
              </button>
            </form>
            <hr />
          </>
        )}
        <form method="post" class="stack" novalidate>
          <Intent of="share" />
          <Field id="email" label={texts.email} error={errors.email}>
            <input
              id="email"
              name="email"
              type="email"
              autocomplete="off"
              value={entered.email ?? ""}
              {...invalid("email", errors)}
            />
          </Field>
          <button type="submit" id="send-share">
            {share === null ? texts.send : texts.sendAnew}
          </button>
        </form>
      </div>
    </details>
  );
};
