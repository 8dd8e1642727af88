import type { NoticeOf } from "../../domain/notice.ts";
import { GATEWAY_TITLES } from "../../texts/gateways.ts";
import type { Template } from "../render.ts";
import { listed } from "./bill-list.ts";

const WORDS = {
  en: {
    subject: (account: string) => `${account} is linked: your bills can be paid`,
    message: (account: string) =>
      `${account} is linked now. It isn't charged by itself: choose your bills in the billing history, and pay them from it.`,
  },
  vi: {
    subject: (account: string) => `Đã liên kết ${account}: có thể thanh toán hóa đơn`,
    message: (account: string) =>
      `${account} đã được liên kết. Tài khoản này không tự động bị trừ tiền: hãy chọn hóa đơn trong lịch sử hóa đơn và thanh toán từ tài khoản này.`,
  },
} as const;

export const billsPayable: Template<NoticeOf<"bills_payable">> = (notice, reader) => {
  const words = WORDS[reader.locale];
  const account = [GATEWAY_TITLES[notice.gateway], notice.label ?? []].flat().join(" ");
  return { subject: words.subject(account), message: words.message(account), facts: listed(notice, reader) };
};
