import type { MailJob } from "../domain/notice.ts";
import { render } from "../mail/render.ts";
import type { MailSender } from "../mail/sender.ts";
import { findMail, mailId, recordSent } from "../store/mails.ts";

/** Sends a mail that wasn't sent yet. Throws when it may not have left; the next attempt looks again. */
export async function sendMail(env: Env, sender: MailSender, job: MailJob): Promise<void> {
  const id = await mailId(job);
  const known = await findMail(env, id);
  if (known?.status === "sent") return;
  await sender.send(render(job, `${id}-${known?.resends ?? 0}`));
  await recordSent(env, id, job);
}
