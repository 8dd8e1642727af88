import { env } from "cloudflare:workers";
import { afterEach, describe, expect, test, vi } from "vitest";
import { render } from "../../src/mail/render.ts";
import type { MailSender } from "../../src/mail/sender.ts";
import { cloudflareSender, noSender, resendSender, senderOf } from "../../src/mail/senders.ts";
import { Peer } from "../support/peer/peer.ts";
import { jobOf, NOTICES } from "./samples.ts";

const FROM = "Billing <billing@example.com>";
const API_KEY = "re_secret_key";

const mail = render(jobOf(NOTICES.provisioning_failed), "mail_1-0");

afterEach(() => {
  vi.restoreAllMocks();
});

/** What sending ended in. */
const outcomeOf = (sender: MailSender): Promise<string> =>
  sender.send(mail).then(
    () => "sent",
    (error: unknown) => `failed: ${(error as Error).message}`,
  );

describe("Resend's HTTP API", () => {
  const scene = () => {
    const service = new Peer();
    return { service, sender: resendSender({ baseUrl: service.url, apiKey: API_KEY, from: FROM }) };
  };

  test("gets the mail as it documents, whole and with its key", async () => {
    const { service, sender } = scene();
    await service.answers({ status: 200, body: '{"id":"1"}' });
    expect(await outcomeOf(sender)).toBe("sent");
    const [request, ...more] = await service.requests();
    expect(more).toEqual([]);
    expect(request).toMatchObject({
      method: "POST",
      path: `/${service.name}/emails`,
      headers: {
        authorization: `Bearer ${API_KEY}`,
        "content-type": "application/json",
        "idempotency-key": "mail_1-0",
      },
    });
    expect(JSON.parse(request?.body ?? "")).toEqual({
      from: FROM,
      to: ["an@example.com"],
      subject: "Không thể khởi tạo máy-chủ-1",
      text: mail.text,
      html: mail.html,
    });
  });

  test.each([400, 401, 403, 409, 422, 429, 500, 503])(
    "hasn't taken the mail when it answers %i, and that says nothing secret",
    async (status) => {
      const { service, sender } = scene();
      await service.answers({ status, body: `{"message":"${API_KEY} an@example.com"}` });
      const outcome = await outcomeOf(sender);
      expect(outcome).toMatch(new RegExp(`^failed: .*${status}`));
      expect(outcome).not.toMatch(/re_secret|an@example/);
    },
  );

  test("hasn't taken the mail when the socket closes", async () => {
    const { service, sender } = scene();
    await service.answers({ close: true });
    expect(await outcomeOf(sender)).toMatch(/^failed: /);
  });

  test("isn't waited for longer than 15 s", async () => {
    const { service, sender } = scene();
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    const waits = vi.spyOn(AbortSignal, "timeout").mockImplementation(() => timeout(50));
    await service.answers({ hold: true });
    expect(await outcomeOf(sender)).toMatch(/^failed: .*timeout/);
    expect(waits.mock.calls).toEqual([[15_000]]);
  });

  test.each([301, 302, 307, 308])(
    "isn't followed elsewhere by a %i: key and mail are its own",
    async (status) => {
      const { service, sender } = scene();
      const elsewhere = new Peer();
      await service.answers({ status, headers: { Location: elsewhere.url } });
      expect(await outcomeOf(sender)).toMatch(/^failed: /);
      expect(await elsewhere.requests()).toEqual([]);
    },
  );
});

describe("Cloudflare's e-mail binding", () => {
  test("gets the mail whole", async () => {
    const sent: unknown[] = [];
    const binding = { send: async (message: unknown) => void sent.push(message) } as unknown as SendEmail;
    expect(await outcomeOf(cloudflareSender(binding, FROM))).toBe("sent");
    expect(sent).toEqual([
      { from: FROM, to: mail.to, subject: mail.subject, text: mail.text, html: mail.html },
    ]);
  });

  test("says so when it can't take the mail", async () => {
    const binding = {
      send: async () => {
        throw new Error("destination address is not verified");
      },
    } as unknown as SendEmail;
    expect(await outcomeOf(cloudflareSender(binding, FROM))).toBe(
      "failed: destination address is not verified",
    );
  });
});

describe("an installation's sender", () => {
  const fallback: MailSender = { send: async () => undefined };
  const chosen = (values: Partial<Env>) => senderOf({ ...env, ...values } as Env, fallback);

  test("is Cloudflare's binding where that is named and bound", async () => {
    const send = vi.fn(async () => undefined);
    const sender = chosen({
      MAIL_SENDER: "cloudflare",
      MAIL: { send } as unknown as SendEmail,
      MAIL_FROM: FROM,
      RESEND_API_KEY: API_KEY,
    });
    await sender.send(mail);
    expect(send).toHaveBeenCalledOnce();
    expect(send).toHaveBeenCalledWith(expect.objectContaining({ from: FROM, to: mail.to }));
  });

  test("is Resend where that is named and has a key", async () => {
    const service = new Peer();
    const sender = chosen({
      MAIL_SENDER: "resend",
      RESEND_API_KEY: API_KEY,
      RESEND_BASE_URL: service.url,
      MAIL_FROM: FROM,
    });
    await sender.send(mail);
    expect(JSON.parse((await service.requests())[0]?.body ?? "")).toMatchObject({ from: FROM });
  });

  test.each([
    {},
    { MAIL_SENDER: "cloudflare", MAIL_FROM: FROM },
    { MAIL_SENDER: "resend", MAIL_FROM: FROM },
    { MAIL_SENDER: "pigeon", RESEND_API_KEY: API_KEY, MAIL_FROM: FROM },
  ])("is what the installation falls back on with %o", (values) => {
    expect(chosen(values)).toBe(fallback);
  });

  test.each(["cloudflare", "resend"])("isn't %s where nobody is named to send from", async (name) => {
    const service = new Peer();
    const send = vi.fn(async () => undefined);
    const sender = chosen({
      MAIL_SENDER: name,
      MAIL: { send } as unknown as SendEmail,
      RESEND_API_KEY: API_KEY,
      RESEND_BASE_URL: service.url,
    });
    await sender.send(mail).catch(() => undefined);
    expect([send.mock.calls.length, (await service.requests()).length]).toEqual([0, 0]);
  });

  test("that isn't there says so, so that the mail is kept", async () => {
    expect(await outcomeOf(noSender)).toMatch(/^failed: .*sender/);
  });
});
