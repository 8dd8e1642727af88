import { NO_REASON_GIVEN, PROVISIONING_TIMED_OUT } from "../domain/provisioning.ts";
import type { Locale } from "./locale.ts";

/** The reasons that we write down ourselves, in English. */
const vi: Readonly<Record<string, string>> = {
  [PROVISIONING_TIMED_OUT]: "Sản phẩm không phản hồi kịp thời.",
  [NO_REASON_GIVEN]: "Sản phẩm không khởi tạo được tài nguyên này.",
};

/** Why something wasn't delivered: our own words in the reader's language, a console's as it said them. */
export const formatReason = (reason: string, locale: Locale): string =>
  locale === "vi" ? (vi[reason] ?? reason) : reason;
