import type { Translated } from "./locale.ts";

const en = {
  title: "Settings",
  facts: "Your account",
  factsHint: "Your provider keeps these. The time zone stays as long as something runs.",
  name: "Name",
  email: "E-mail address",
  account: "Account",
  billing: "How you pay",
  billings: { prepaid: "In advance", postpaid: "Afterwards, by the month" },
  currency: "Currency",
  timeZone: "Time zone",
  now: "now {time}",
  locale: "Language of messages and documents",
};

/** The words of what is set for an account. */
export const settingsTexts: Translated<typeof en> = {
  en,
  vi: {
    title: "Cài đặt",
    facts: "Tài khoản của bạn",
    factsHint: "Nhà cung cấp quản lý các thông tin này. Múi giờ không đổi khi còn tài nguyên đang chạy.",
    name: "Tên",
    email: "Địa chỉ email",
    account: "Tài khoản",
    billing: "Cách thanh toán",
    billings: { prepaid: "Trả trước", postpaid: "Trả sau, theo tháng" },
    currency: "Loại tiền",
    timeZone: "Múi giờ",
    now: "hiện là {time}",
    locale: "Ngôn ngữ của thông báo và chứng từ",
  },
};
