import type { Mail, MailSender } from "./sender.ts";

const RESEND_TIMEOUT_MS = 15_000;

/** Cloudflare's own e-mail binding. */
export const cloudflareSender = (binding: SendEmail, from: string): MailSender => ({
  async send({ to, subject, text, html }: Mail) {
    await binding.send({ from, to, subject, text, html });
  },
});

/** Resend's HTTP API; it drops a mail whose key it has seen within a day. */
export const resendSender = (of: { baseUrl: string; apiKey: string; from: string }): MailSender => ({
  async send({ key, to, subject, text, html }: Mail) {
    const answer = await fetch(`${of.baseUrl}/emails`, {
      method: "POST",
      headers: {
        Authorization: `Bearer ${of.apiKey}`,
        "Content-Type": "application/json",
        "Idempotency-Key": key,
      },
      body: JSON.stringify({ from: of.from, to: [to], subject, text, html }),
      // A redirect would take the mail to somebody else, or turn it into a GET that looks like success.
      redirect: "manual",
      signal: AbortSignal.timeout(RESEND_TIMEOUT_MS),
    });
    if (!answer.ok) throw new Error(`the mail service answered ${answer.status}`);
    await answer.body?.cancel();
  },
});

/**
 * The sender this installation is set up for: `MAIL_SENDER` `cloudflare` (binding `MAIL`), `resend`
 * (`RESEND_API_KEY`), otherwise `fallback`, which is a sandbox's mailbox or says that there is none.
 */
export function senderOf(env: Env, fallback: MailSender): MailSender {
  const from = env.MAIL_FROM;
  if (env.MAIL_SENDER && !from) return failing("MAIL_FROM isn't set");
  if (!from) return fallback;
  if (env.MAIL_SENDER === "cloudflare" && env.MAIL) return cloudflareSender(env.MAIL, from);
  if (env.MAIL_SENDER === "resend" && env.RESEND_API_KEY) {
    const baseUrl = env.RESEND_BASE_URL ?? "https://api.resend.com";
    return resendSender({ baseUrl, apiKey: env.RESEND_API_KEY, from });
  }
  return fallback;
}

/** What an installation without a way to send has: its mails fail, are given up, and can be sent again later. */
export const noSender: MailSender = failing("no mail sender is set up");

function failing(reason: string): MailSender {
  return {
    async send() {
      throw new Error(reason);
    },
  };
}
