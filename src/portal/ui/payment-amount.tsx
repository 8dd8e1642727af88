import { negate } from "../../domain/money.ts";
import type { Payment } from "../../domain/payment.ts";
import { Money, type Reader } from "./parts.tsx";

/** What was paid; what came back is less paid. */
export const PaymentAmount = ({
  payment: { kind, amount },
  reader,
}: {
  readonly payment: Payment;
  readonly reader: Reader;
}) => <Money minor={kind === "refund" ? negate(amount) : amount} reader={reader} />;
