import { DEPOSITED_BY_OPERATIONS, FAILURE_TEXTS, ORDER_NEEDED_NO_MONEY } from "../domain/attempts/reasons.ts";
import { LESS_WAS_USED } from "../domain/fulfilment/credit-late-use.ts";
import { NO_REASON_GIVEN, PROVISIONING_TIMED_OUT } from "../domain/provisioning.ts";
import type { Locale } from "./locale.ts";

/** The reasons that we write down ourselves, in English. */
const vi: Readonly<Record<string, string>> = {
  [PROVISIONING_TIMED_OUT]: "Sản phẩm không phản hồi kịp thời.",
  [NO_REASON_GIVEN]: "Sản phẩm không khởi tạo được tài nguyên này.",
  [LESS_WAS_USED]: "Lượng sử dụng ít hơn mức đã tính.",
  [ORDER_NEEDED_NO_MONEY]: "Tiền đến khi đơn hàng không còn cần; số tiền đã được cộng vào ví.",
  [DEPOSITED_BY_OPERATIONS]: "Bộ phận vận hành đã cộng tiền từ cổng thanh toán vào ví.",
  [FAILURE_TEXTS.cancelled]: "Thanh toán đã bị hủy.",
  [FAILURE_TEXTS.expired]: "Thanh toán không được thực hiện kịp thời.",
  [FAILURE_TEXTS.declined]: "Cổng thanh toán đã từ chối.",
  [FAILURE_TEXTS.insufficient_funds]: "Số dư tại cổng thanh toán không đủ.",
  [FAILURE_TEXTS.limit_exceeded]: "Thanh toán vượt hạn mức của cổng thanh toán.",
  [FAILURE_TEXTS.authentication_failed]: "Không xác thực được người thanh toán.",
  [FAILURE_TEXTS.amount_not_allowed]: "Cổng thanh toán không nhận số tiền này.",
  [FAILURE_TEXTS.not_refundable]: "Cổng thanh toán không thể hoàn khoản này.",
  [FAILURE_TEXTS.gateway_unavailable]: "Cổng thanh toán không hoạt động.",
  [FAILURE_TEXTS.link_gone]: "Tài khoản này không còn được liên kết.",
  [FAILURE_TEXTS.misconfigured]: "Hiện không thể dùng cổng thanh toán này.",
};

/** Why something wasn't delivered: our own words in the reader's language, a console's as it said them. */
export const formatReason = (reason: string, locale: Locale): string =>
  locale === "vi" ? (vi[reason] ?? reason) : reason;
