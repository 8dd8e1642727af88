import { describe, expect, test } from "vitest";
import type { MailJob, Notice } from "../../src/domain/notice.ts";
import * as provisioning from "../../src/domain/provisioning.ts";
import { render } from "../../src/mail/render.ts";
import { ALL_NOTICES, AT_MS, jobOf, NOTICES } from "./samples.ts";

const LOCALES = ["en", "vi"] as const;

const EACH = ALL_NOTICES.flatMap((notice) =>
  LOCALES.map((locale) => ({ template: notice.template, locale, notice })),
);

const written = (notice: Notice, more: Partial<MailJob> = {}) => render(jobOf(notice, more), "key_1");

describe("what a customer reads", () => {
  test("of a paid order, in English", () => {
    const mail = written(NOTICES.order_paid, { locale: "en" });
    expect(mail.subject).toBe("Order ord_1 is paid");
    expect(mail.text).toBe(`Hello Nguyễn Thị Ánh,

Thank you: your order is paid. Your resources are being set up now; you'll hear from us when they are.

máy-chủ-1: 90,000 VND
đĩa-2: 1,250,000 VND
Coupon TET2027: -10,000 VND
Paid from credit: 1,330,000 VND
Paid at: 10 March 2027 at 10:15

This message was sent by your cloud provider's billing.`);
  });

  test("of a paid order, in Vietnamese", () => {
    const mail = written(NOTICES.order_paid);
    expect(mail.subject).toBe("Đơn hàng ord_1 đã được thanh toán");
    expect(mail.text).toBe(`Xin chào Nguyễn Thị Ánh,

Cảm ơn bạn: đơn hàng đã được thanh toán. Tài nguyên của bạn đang được khởi tạo; chúng tôi sẽ báo khi hoàn tất.

máy-chủ-1: 90.000 VND
đĩa-2: 1.250.000 VND
Mã giảm giá TET2027: -10.000 VND
Thanh toán từ ví: 1.330.000 VND
Thời điểm thanh toán: lúc 10:15 10 tháng 3, 2027

Thư này do hệ thống thanh toán của nhà cung cấp gửi.`);
  });

  test("of what couldn't be set up says what came back, or that nothing was taken", () => {
    const failed = NOTICES.provisioning_failed;
    expect(written(failed, { locale: "en" }).text).toContain("Refunded to credit: 90,000 VND");
    for (const action of ["create", "resize"] as const)
      for (const locale of LOCALES) {
        const { text } = written({ ...failed, action, refund: 0 as never }, { locale });
        expect(text).toContain("hết chỗ");
        expect(text).not.toMatch(/VND|refund|paid|hoàn vào|đã thanh toán/i);
      }
  });

  test("of a resource that is ready, in English", () => {
    const mail = written(NOTICES.resource_provisioned, { locale: "en" });
    expect(mail.subject).toBe("máy-chủ-1 is ready");
    expect(mail.text).toBe(`Hello Nguyễn Thị Ánh,

Your resource is ready to use, and its invoice has been issued.

Runs from: 10 March 2027 at 10:15
Paid until: 10 April 2027 at 10:15
Invoice: 202703-A1-1
Total: 90,000 VND

This message was sent by your cloud provider's billing.`);
  });

  test("of a resource that is ready, in Vietnamese", () => {
    const mail = written(NOTICES.resource_provisioned);
    expect(mail.subject).toBe("máy-chủ-1 đã sẵn sàng");
    expect(mail.text).toBe(`Xin chào Nguyễn Thị Ánh,

Tài nguyên của bạn đã sẵn sàng sử dụng và hóa đơn đã được phát hành.

Bắt đầu từ: lúc 10:15 10 tháng 3, 2027
Đã thanh toán đến: lúc 10:15 10 tháng 4, 2027
Hóa đơn: 202703-A1-1
Tổng cộng: 90.000 VND

Thư này do hệ thống thanh toán của nhà cung cấp gửi.`);
  });

  test("of a resource that failed and was refunded, in English", () => {
    const mail = written(NOTICES.provisioning_failed, { locale: "en" });
    expect(mail.subject).toBe("máy-chủ-1 could not be set up");
    expect(mail.text).toBe(`Hello Nguyễn Thị Ánh,

We are sorry: your resource could not be set up. What you paid for it is back in your credit wallet.

Reason: hết chỗ
Refunded to credit: 90,000 VND
Refunded at: 10 March 2027 at 10:15

This message was sent by your cloud provider's billing.`);
  });

  test("of a resource that failed and was refunded, in Vietnamese", () => {
    const mail = written(NOTICES.provisioning_failed);
    expect(mail.subject).toBe("Không thể khởi tạo máy-chủ-1");
    expect(mail.text).toBe(`Xin chào Nguyễn Thị Ánh,

Rất tiếc: tài nguyên của bạn không thể khởi tạo. Số tiền đã thanh toán đã được hoàn vào ví của bạn.

Lý do: hết chỗ
Hoàn vào ví: 90.000 VND
Thời điểm hoàn: lúc 10:15 10 tháng 3, 2027

Thư này do hệ thống thanh toán của nhà cung cấp gửi.`);
  });

  test("is silent about a coupon where there was none", () => {
    for (const locale of LOCALES) {
      const notice = { ...NOTICES.order_paid, coupon: null, discount: 0 as never };
      expect(written(notice, { locale }).text).not.toMatch(/coupon|giảm giá|null/i);
    }
  });

  test("of a discount in dollars, is in dollars", () => {
    const notice = {
      ...NOTICES.order_paid,
      lines: [{ name: "web", amount: 1_234_567 as never }],
      discount: 5 as never,
      total: 1_234_562 as never,
    };
    expect(written(notice, { locale: "en", currency: "USD" }).text).toContain(
      "web: 12,345.67 USD\nCoupon TET2027: -0.05 USD\nPaid from credit: 12,345.62 USD",
    );
    expect(written(notice, { currency: "USD" }).text).toContain(
      "web: 12.345,67 USD\nMã giảm giá TET2027: -0,05 USD\nThanh toán từ ví: 12.345,62 USD",
    );
  });
});

/** The values that the samples bring with them: they are the same in every language. */
const DATA = [
  "Nguyễn Thị Ánh",
  "máy-chủ-1",
  "đĩa-2",
  "TET2027",
  "ord_1",
  "202703-A1-1",
  "202703-A1-2",
  "hết chỗ",
];

/** What a mail says by itself: its subject, its sentences and the labels of its facts, without the sample's data. */
function wordsOf(notice: Notice, locale: "en" | "vi"): string[] {
  const { subject, text } = written(notice, { locale });
  const [greeting = "", message = "", facts = "", closing = ""] = text.split("\n\n");
  const labels = facts
    .split("\n")
    .map((fact) => fact.slice(0, fact.lastIndexOf(": ")).replace(/: lúc.*/, ""));
  return [subject, greeting, ...message.split(". "), closing, ...labels]
    .map((words) => DATA.reduce((rest, datum) => rest.replaceAll(datum, ""), words).trim())
    .filter((words) => words !== "");
}

const ENGLISH =
  /\b(the|your|you|is|are|was|paid|order|resource|invoice|total|from|until|reason|refund(ed)?|hello|sent)\b/i;
const VIETNAMESE = /[ăâđêôơư\u1ea0-\u1ef9]/i;

describe.each(EACH)("the mail $template in $locale", ({ locale, notice }) => {
  const { subject, text, html } = written(notice, { locale });

  test("says everything in its own language", () => {
    const other = new Set(wordsOf(notice, locale === "en" ? "vi" : "en"));
    const words = wordsOf(notice, locale);
    expect(words.length).toBeGreaterThan(5);
    expect(words.filter((phrase) => other.has(phrase))).toEqual([]);
    const foreign = words.filter((phrase) => (locale === "en" ? VIETNAMESE : ENGLISH).test(phrase));
    expect(foreign).toEqual([]);
  });

  test("has a value for everything it says", () => {
    for (const part of [subject, text, html]) {
      expect(part).not.toMatch(/undefined|null|NaN|\[object|Invalid Date|Infinity|\{\{|\$\{/);
    }
    expect(text).not.toMatch(/: *$/m);
    expect(text).not.toMatch(/\n\n\n/);
  });

  test("says the same in HTML, in the right language and encoding", () => {
    expect(html).toMatch(/^<!doctype html>/i);
    expect(html).toContain(`<html lang="${locale}">`);
    expect(html).toContain('<meta charset="utf-8">');
    expect(html).toContain(`<title>${escaped(subject)}</title>`);
    const shown = html
      .slice(html.indexOf("<body"))
      .replaceAll(/<[^>]*>/g, " ")
      .replaceAll(/\s+/g, " ");
    const [greeting, message, facts = "", closing] = text.split("\n\n");
    for (const part of [greeting, message, closing]) expect(shown).toContain(escaped(part ?? ""));
    for (const fact of facts.split("\n")) {
      expect(shown).toContain(escaped(fact.replace(/: /, " ")));
    }
  });

  test("is made of whole letters", () => {
    for (const part of [subject, text, html]) {
      expect(part).toBe(part.normalize("NFC"));
      expect(part).not.toMatch(/\ufffd|[\u0300-\u036f]|Ã|áº|á»|Ä\u0090/);
      expect(
        new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(new TextEncoder().encode(part)),
      ).toBe(part);
    }
  });

  test("loads nothing from elsewhere and runs nothing", () => {
    // A link that is asked to be followed stands there as a word.
    const link =
      notice.template === "recipient_asked"
        ? notice.confirmationUrl
        : notice.template === "order_shared"
          ? notice.url
          : "";
    const rest = html.replace(escaped(link), "");
    expect(rest).not.toMatch(/<(script|img|link|iframe|object|embed|form)\b|\bon\w+=|url\(|https?:/i);
  });

  test("carries the instant and key it was given, to the one it is for", () => {
    expect(written(notice, { locale })).toMatchObject({ key: "key_1", to: "an@example.com", atMs: AT_MS });
  });
});

const escaped = (words: string) =>
  words
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");

describe("what others wrote", () => {
  const EVIL = `<script>alert("x")</script><img src=x onerror='y'> & Söhne`;

  const evil: readonly Notice[] = [
    { ...NOTICES.order_paid, lines: [{ name: EVIL, amount: 1 as never }] },
    { ...NOTICES.resource_provisioned, name: EVIL },
    { ...NOTICES.provisioning_failed, name: EVIL, reason: EVIL },
  ];

  test.each(evil)("stays text in the HTML of $template", (notice) => {
    for (const locale of LOCALES) {
      const { text, html } = written(notice, { locale, customer: EVIL });
      expect(html).not.toMatch(/<script|<img/i);
      const times = text.split(EVIL).length - 1;
      expect(times).toBeGreaterThan(0);
      expect(html.split(escaped(EVIL)).length - 1).toBeGreaterThanOrEqual(times);
    }
  });

  test("can't break a subject into more lines, which are other headers", () => {
    const name = "web\r\nBcc: everybody@example.com\n\nhello";
    for (const notice of [
      { ...NOTICES.resource_provisioned, name },
      { ...NOTICES.provisioning_failed, name },
    ]) {
      for (const locale of LOCALES) expect(written(notice, { locale }).subject).not.toMatch(/[\r\n]/);
    }
  });

  test("is told as it was said, but our own reasons in the customer's language", () => {
    const ours = Object.values(provisioning).filter((value) => typeof value === "string");
    expect(ours.length).toBeGreaterThan(1);
    for (const reason of ours) {
      const { text, html } = written({ ...NOTICES.provisioning_failed, reason });
      expect(text).not.toContain(reason);
      expect(html).not.toContain(reason);
      expect(text).toMatch(/^Lý do: .*[\u1ea0-\u1ef9].*$/m);
    }
    const theirs = written({ ...NOTICES.provisioning_failed, reason: "constructor" });
    expect(theirs.text).toContain("Lý do: constructor\n");
  });
});
