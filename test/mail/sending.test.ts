import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { MailJob, Notice } from "../../src/domain/notice.ts";
import { mailId } from "../../src/store/mails.ts";
import {
  admin,
  bodyOf,
  freshId,
  openAccount,
  type Page,
  productConsole,
  putCatalogue,
  userOf,
} from "../support/api.ts";
import { SMALL_MONTH } from "../support/catalogue.ts";
import { recordLogs } from "../support/logs.ts";
import { Peer } from "../support/peer/peer.ts";
import { deliver, deliverDead, StandingQueue } from "../support/peer/queue.ts";
import { AT_MS, jobOf, NOTICES } from "./samples.ts";

interface MailView {
  readonly id: string;
  readonly account: string;
  readonly key: string;
  readonly recipient: string;
  readonly status: string;
  readonly error: string | null;
  readonly at: string;
}

let logs: ReturnType<typeof recordLogs>;

beforeAll(putCatalogue);
beforeEach(() => {
  logs = recordLogs();
});
afterEach(() => {
  vi.restoreAllMocks();
});

const freshAddress = (): string => `${freshId("an")}@example.com`;

/** A mail of its own: to nobody else, about nothing else. */
const freshJob = (more: Partial<MailJob> = {}, notice: Notice = NOTICES.order_paid): MailJob =>
  jobOf(notice, { account: freshId("acc"), to: freshAddress(), locale: "en", ...more });

/** An installation that sends through a mail service, and that service. */
const mailService = () => {
  const service = new Peer();
  const installation = {
    SANDBOX: "false",
    MAIL_SENDER: "resend",
    MAIL_FROM: "billing@example.com",
    RESEND_API_KEY: "re_test",
    RESEND_BASE_URL: service.url,
  };
  return { service, installation };
};

const mailboxOf = async ({ to }: Pick<MailJob, "to">): Promise<readonly { subject: string }[]> =>
  bodyOf(
    await admin.get<{ data: { subject: string }[] }>(`/v1/sandbox/mailbox?to=${encodeURIComponent(to)}`),
    200,
  ).data;

const listed = async (status: string, { account }: Pick<MailJob, "account">): Promise<readonly MailView[]> =>
  bodyOf(await admin.get<Page<MailView>>(`/v1/admin/mails?status=${status}&account=${account}`), 200).data;

const resend = (id: string) => admin.post<MailView & { code?: string }>(`/v1/admin/mails/${id}/resend`);

/** Has D1 refuse what matches, until it is let go. */
const breakD1 = (statement: RegExp) => {
  const prepare = env.DB.prepare.bind(env.DB);
  return vi.spyOn(env.DB, "prepare").mockImplementation((sql) => {
    if (statement.test(sql)) throw new Error("D1 is down");
    return prepare(sql);
  });
};
const WRITING_A_MAIL = /insert into "mails"/i;

describe("a mail", () => {
  test("is sent once, however often the queue brings it", async () => {
    const job = freshJob();
    for (let time = 0; time < 3; time += 1) expect(await deliver([job])).toEqual([null]);
    expect(await mailboxOf(job)).toHaveLength(1);
    expect(await listed("sent", job)).toEqual([
      {
        id: await mailId(job),
        account: job.account,
        key: job.notice.key,
        recipient: job.to,
        status: "sent",
        error: null,
        at: new Date(AT_MS).toISOString(),
      },
    ]);
  });

  test("is sent once, also when the queue brings it twice at once", async () => {
    const job = freshJob();
    expect(await deliver([job, job])).toEqual([null, null]);
    expect(await mailboxOf(job)).toHaveLength(1);
    expect(await listed("sent", job)).toHaveLength(1);
  });

  test("leaves once through a sender that can't tell copies apart, when the queue brings it twice at once", async () => {
    const send = vi.fn(async () => undefined);
    const installation = {
      SANDBOX: "false",
      MAIL_SENDER: "cloudflare",
      MAIL_FROM: "billing@example.com",
      MAIL: { send } as unknown as SendEmail,
    };
    const job = freshJob();
    expect(await deliver([job, job], { installation })).toEqual([null, null]);
    await deliver([job], { installation });
    expect(send).toHaveBeenCalledOnce();
  });

  test("can be told by the mail service as one, when it was asked twice at once", async () => {
    const { service, installation } = mailService();
    const job = freshJob();
    await deliver([job, job], { installation });
    const keys = (await service.requests()).map(({ headers }) => headers["idempotency-key"]);
    expect(new Set(keys).size).toBe(1);
  });

  test("is one a message, recipient and account", async () => {
    const job = freshJob();
    const others = [
      { ...job, to: freshAddress() },
      { ...job, account: freshId<MailJob["account"]>("acc") },
      { ...job, notice: { ...job.notice, key: "order_paid:ord_2" } },
    ];
    const ids = await Promise.all([job, ...others].map(mailId));
    expect(new Set(ids).size).toBe(4);
    expect(await mailId({ ...job, customer: "Binh", locale: "vi", notice: { ...job.notice, atMs: 1 } })).toBe(
      ids[0],
    );
    await deliver([job, ...others]);
    expect(await mailboxOf(job)).toHaveLength(3);
  });

  test("of each thing that happened goes out once, at the address the account had then", async () => {
    const queue = new StandingQueue();
    const [before, after] = [freshAddress(), freshAddress()];
    const account = await openAccount(2 * SMALL_MONTH, { settings: { email: before, locale: "en" } });
    const first = await account.placeAndPay();
    await admin.put(account.path, { email: after, name: "An", locale: "en" });
    const second = await account.placeAndPay();
    await queue.drain();
    await queue.drain();
    expect((await mailboxOf({ to: before })).map(({ subject }) => subject)).toEqual([
      `Order ${first.id} is paid`,
    ]);
    expect((await mailboxOf({ to: after })).map(({ subject }) => subject)).toEqual([
      `Order ${second.id} is paid`,
    ]);
  });

  test("waits in its account while the queue is down, and the payment stands", async () => {
    const queue = new StandingQueue();
    queue.breakDown();
    const to = freshAddress();
    const account = await openAccount(SMALL_MONTH, { settings: { email: to, locale: "en" } });
    const order = await account.placeAndPay();
    expect(order.status).toBe("provisioning");
    const mended = new StandingQueue();
    await account.object.runDue(0, false);
    await mended.drain();
    expect((await mailboxOf({ to })).map(({ subject }) => subject)).toEqual([`Order ${order.id} is paid`]);
  });
});

describe("a mail that can't be sent", () => {
  test("is tried again, later each time, and recorded only when it is sent", async () => {
    const { service, installation } = mailService();
    const job = freshJob();
    await service.answers({ status: 500 }, { status: 429 }, { close: true }, { status: 200, body: "{}" });
    const fates: unknown[] = [];
    for (const attempts of [1, 2, 3]) {
      fates.push(...(await deliver([job], { attempts, installation })));
      for (const status of ["sent", "dead", "queued"]) expect(await listed(status, job)).toEqual([]);
    }
    expect(fates).toEqual([5, 30, 120]);
    expect(await deliver([job], { attempts: 4, installation })).toEqual([null]);
    expect(await listed("sent", job)).toHaveLength(1);
    const keys = (await service.requests()).map(({ headers }) => headers["idempotency-key"]);
    expect([keys.length, new Set(keys).size]).toEqual([4, 1]);
    expect(logs.failures()).toEqual(["job_failed", "job_failed", "job_failed"]);
  });

  test("waits longer after every attempt that the queue allows", async () => {
    const { service, installation } = mailService();
    await service.answers({ status: 500 });
    const job = freshJob();
    const waits: unknown[] = [];
    for (const attempts of [1, 2, 3, 4, 5]) {
      waits.push(...(await deliver([job], { attempts, installation })));
    }
    expect(waits).toEqual([5, 30, 120, 600, 1_800]);
  });

  test("doesn't hold up the others of its batch", async () => {
    const { service, installation } = mailService();
    await service.answers({ status: 500 }, {});
    const jobs = [freshJob(), freshJob(), freshJob()];
    const fates = await deliver(jobs, { installation });
    expect([...fates].sort()).toEqual([5, null, null]);
    for (const [index, job] of jobs.entries()) {
      expect(await listed("sent", job)).toHaveLength(fates[index] === null ? 1 : 0);
    }
  });

  test("isn't sent while D1 can't say whether it was, and is sent later", async () => {
    const job = freshJob();
    breakD1(/from "mails"/i);
    expect(await deliver([job])).toEqual([5]);
    vi.restoreAllMocks();
    recordLogs();
    expect(await mailboxOf(job)).toEqual([]);
    await deliver([job]);
    expect(await mailboxOf(job)).toHaveLength(1);
  });

  test("is sent again under the same key when it was sent and couldn't be recorded", async () => {
    const { service, installation } = mailService();
    const job = freshJob();
    breakD1(WRITING_A_MAIL);
    expect(await deliver([job], { installation })).toEqual([5]);
    vi.restoreAllMocks();
    recordLogs();
    expect(await listed("sent", job)).toEqual([]);
    expect(await deliver([job], { installation })).toEqual([null]);
    expect(await deliver([job], { installation })).toEqual([null]);
    expect(await listed("sent", job)).toHaveLength(1);
    const keys = (await service.requests()).map(({ headers }) => headers["idempotency-key"]);
    expect([keys.length, new Set(keys).size]).toEqual([2, 1]);
  });

  test("is in a sandbox's mailbox once, also when it couldn't be recorded the first time", async () => {
    const job = freshJob();
    breakD1(WRITING_A_MAIL);
    await deliver([job]);
    vi.restoreAllMocks();
    recordLogs();
    await deliver([job]);
    expect(await mailboxOf(job)).toHaveLength(1);
  });
});

describe("a mail that was given up", () => {
  /** A mail that no attempt could send. */
  const dead = async (job = freshJob()) => {
    expect(await deliverDead([job])).toEqual([null]);
    return { job, id: await mailId(job) };
  };

  test("is listed, with what it was about and to whom", async () => {
    const { job, id } = await dead();
    expect(await listed("dead", job)).toEqual([
      {
        id,
        account: job.account,
        key: "order_paid:ord_1",
        recipient: job.to,
        status: "dead",
        error: expect.stringMatching(/\w/),
        at: new Date(AT_MS).toISOString(),
      },
    ]);
    const byDefault = bodyOf(await admin.get<Page<MailView>>("/v1/admin/mails?limit=200"), 200).data;
    expect(byDefault.map((mail) => mail.id)).toContain(id);
    expect(byDefault.every(({ status }) => status === "dead")).toBe(true);
    expect(logs.failures()).toEqual(["job_dead"]);
  });

  test("is sent once when an admin has it sent again", async () => {
    const queue = new StandingQueue();
    const { job, id } = await dead();
    expect(await resend(id)).toMatchObject({ status: 202, body: { id, status: "queued", error: null } });
    expect([await listed("dead", job), await listed("queued", job)]).toMatchObject([[], [{ id }]]);
    const jobs = queue.take();
    expect(jobs).toEqual([job]);
    expect(await deliver(jobs)).toEqual([null]);
    expect(await deliver(jobs)).toEqual([null]);
    expect(await mailboxOf(job)).toHaveLength(1);
    expect(await listed("sent", job)).toMatchObject([{ id, error: null }]);
    expect(await listed("queued", job)).toEqual([]);
  });

  test("goes out once more for a key, however often it is asked for under it", async () => {
    const queue = new StandingQueue();
    const { id } = await dead();
    const key = `resend-${id}`;
    const ask = () =>
      admin.post<MailView & { code?: string }>(`/v1/admin/mails/${id}/resend`, undefined, { key });
    expect(await ask()).toMatchObject({ status: 202, replayed: false });
    expect(await ask()).toMatchObject({ status: 202, replayed: true, body: { id } });
    expect(queue.take()).toHaveLength(1);
  });

  test("is sent once when an admin asks twice", async () => {
    const queue = new StandingQueue();
    const { job, id } = await dead();
    await resend(id);
    await resend(id);
    const jobs = queue.take();
    expect(jobs).toHaveLength(2);
    for (const copy of jobs) await deliver([copy]);
    expect(await mailboxOf(job)).toHaveLength(1);
  });

  test("is listed again when it can't be sent this time either", async () => {
    const queue = new StandingQueue();
    const { installation, service } = mailService();
    await service.answers({ status: 500 });
    const { job, id } = await dead();
    await resend(id);
    expect(await queue.deliver({ installation })).toEqual([5]);
    await dead(job);
    expect(await listed("dead", job)).toMatchObject([{ id }]);
    expect((await resend(id)).status).toBe(202);
    await service.answers({});
    expect(await queue.deliver({ installation })).toEqual([null]);
    expect(await listed("sent", job)).toMatchObject([{ id }]);
  });

  test("stays listed when the queue can't take it", async () => {
    const queue = new StandingQueue();
    const { job, id } = await dead();
    queue.breakDown();
    expect((await resend(id)).status).toBeGreaterThanOrEqual(500);
    expect(await listed("dead", job)).toMatchObject([{ id }]);
  });

  test("goes to the mail service as a new one when it was sent before and is asked for again", async () => {
    const queue = new StandingQueue();
    const { service, installation } = mailService();
    const job = freshJob();
    await deliver([job], { installation });
    expect((await resend(await mailId(job))).status).toBe(202);
    await queue.deliver({ installation });
    const keys = (await service.requests()).map(({ headers }) => headers["idempotency-key"]);
    expect([keys.length, new Set(keys).size]).toEqual([2, 2]);
    expect(await listed("sent", job)).toHaveLength(1);
  });

  test("isn't one that was sent, whatever its late copy says", async () => {
    const job = freshJob();
    await deliver([job]);
    await deliverDead([job]);
    expect(await listed("dead", job)).toEqual([]);
    expect(await listed("sent", job)).toHaveLength(1);
  });

  test("isn't taken off the queue before it is recorded", async () => {
    const job = freshJob();
    breakD1(WRITING_A_MAIL);
    const outcome = await deliverDead([job]).then(
      (fates) => fates[0],
      () => "failed as a whole",
    );
    expect(outcome).not.toBeNull();
    vi.restoreAllMocks();
    recordLogs();
    await dead(job);
    expect(await listed("dead", job)).toHaveLength(1);
  });

  test("is recorded alone where it travelled with others, which are done", async () => {
    const account = freshId<MailJob["account"]>("acc");
    const [sent, failing] = [freshJob({ account }), freshJob({ account })];
    const parcel = { type: "several", account, jobs: [sent, failing] } as const;
    const { service, installation } = mailService();
    await service.answers({}, { status: 500 });
    expect(await deliver([parcel], { installation })).toEqual([5]);
    expect(await listed("sent", sent)).toHaveLength(1);
    await deliverDead([parcel]);
    expect(await listed("dead", failing)).toHaveLength(1);
    expect(await service.requests()).toHaveLength(2);
  });

  test("doesn't take along jobs that come again by themselves", async () => {
    const account = freshId<MailJob["account"]>("acc");
    const job = freshJob({ account });
    await deliverDead([
      { type: "run_due", account },
      { type: "call_console", account, resource: "res_1" as never },
      job,
    ]);
    expect(await listed("dead", { account })).toHaveLength(1);
    expect(logs.failures()).toEqual(["job_dead", "job_dead", "job_dead"]);
  });

  test("is found page by page, however many were given up at the same instant", async () => {
    const account = freshId<MailJob["account"]>("acc");
    const jobs = Array.from({ length: 5 }, () => freshJob({ account }));
    await deliverDead(jobs);
    const found: string[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const path: string = `/v1/admin/mails?account=${account}&limit=2${cursor && `&cursor=${cursor}`}`;
      const page: Page<MailView> = bodyOf(await admin.get<Page<MailView>>(path), 200);
      found.push(...page.data.map(({ recipient }) => recipient));
      cursor = page.nextCursor;
    }
    expect(found.sort()).toEqual(jobs.map(({ to }) => to).sort());
  });

  test("is an admin's to see and to send, and there must be one", async () => {
    const { job, id } = await dead();
    for (const client of [userOf(job.account), productConsole()]) {
      expect((await client.get("/v1/admin/mails")).status).toBe(403);
      expect((await client.post(`/v1/admin/mails/${id}/resend`)).status).toBe(403);
    }
    expect(await listed("dead", job)).toHaveLength(1);
    expect(await resend("mail_unknown")).toMatchObject({ status: 404, body: { code: "not_found" } });
    expect((await admin.get("/v1/admin/mails?status=lost")).status).toBe(400);
    const queue = new StandingQueue();
    await resend(id);
    expect(queue.waiting).toHaveLength(1);
    const trail = await admin.get<Page<{ action: string; subject: string }>>("/v1/admin/audit");
    expect(bodyOf(trail, 200).data[0]).toMatchObject({
      action: "resend_mail",
      subject: `/v1/admin/mails/${id}/resend`,
    });
  });
});

describe("an installation without a sender", () => {
  test("loses no mail: each is given up, listed, and sent once there is one", async () => {
    const nothing = { SANDBOX: "false" };
    const job = freshJob();
    expect(await deliver([job], { installation: nothing })).toEqual([5]);
    expect(await mailboxOf(job)).toEqual([]);
    await deliverDead([job], { installation: nothing });
    expect(await listed("dead", job)).toHaveLength(1);

    const queue = new StandingQueue();
    const { service, installation } = mailService();
    await resend(await mailId(job));
    expect(await queue.deliver({ installation })).toEqual([null]);
    expect(await service.requests()).toHaveLength(1);
    expect(await listed("sent", job)).toHaveLength(1);
  });
});
