import type { Translated } from "./locale.ts";

const en = {
  payWith: "Pay with",
  groups: {
    linked: "Linked account",
    top_up_and_pay: "Top up and pay",
    gateway: "Payment gateway",
  },
  groupHints: {
    linked: "Charged at once, without leaving this page.",
    top_up_and_pay: "Uses your credit first; the rest comes from the gateway.",
    gateway: "The gateway takes the whole price, and your credit stays as it is.",
  },
  fromCredit: "and {credit} from your credit",
  surplus: "{surplus} of it stays in your credit",
  notOffered: {
    insufficient_credit: "Not enough credit.",
    credit_suffices: "Your credit covers all of it.",
    nothing_to_pay: "There is nothing to pay.",
    other_currency: "Takes another currency.",
    below_minimum: "Takes {amount} at least.",
    above_maximum: "Takes {amount} at most.",
  },
  creditPart: "A part from your credit",
  left: "{left} remains to be paid",
  leaving: "Taking you to {gateway}…",
  leavingHint: "You pay {amount} there, and come back here afterwards.",
  goTo: "Go to {gateway}",
  waitingTitle: "Waiting for your payment at {gateway}",
  waitingHint:
    "As soon as {gateway} tells us that it is paid, this page goes on by itself. You may also close it: nothing gets lost.",
  askingTitle: "Waiting for {gateway} to answer",
  askingHint:
    "The time for this payment is over, and we don't know yet how it ended. We keep asking {gateway}, and this page goes on by itself.",
  unreached:
    "{gateway} hasn't told us yet where you can pay. We ask it whether it knows of this payment. You can also pay another way.",
  atGateway: "At {gateway}",
  held: "Held of your credit",
  payUntil: "Can be paid until",
  heldUntil: "Held until",
  ifItFails: "If it fails or isn't paid in time, nothing is charged.",
  ifItFailsHeld:
    "If it fails or isn't paid in time, nothing is charged, and the credit that is held is yours again.",
  anotherWay: "Pay another way",
  refused: "{gateway} took no money.",
  tryAgain: "You can try again, or pay another way.",
  undecided:
    "Your payment of {amount} at {gateway} isn't decided yet. Should the money still come, it pays this order, or becomes credit where the order doesn't need it any more.",
  undecidedClosed:
    "A payment of {amount} at {gateway} isn't decided yet. Should the money still come, it becomes your credit.",
  becameCredit: "{amount} came from {gateway} when this order didn't need it any more. It is in your credit.",
  paidLate: "Your payment at {gateway} came late, and still paid this order.",
};

/** The words of paying at gateways: how to, what is waited for, and what came of it. */
export const payingTexts: Translated<typeof en> = {
  en,
  vi: {
    payWith: "Thanh toán bằng",
    groups: {
      linked: "Tài khoản liên kết",
      top_up_and_pay: "Nạp tiền và thanh toán",
      gateway: "Cổng thanh toán",
    },
    groupHints: {
      linked: "Trừ tiền ngay, không cần rời trang này.",
      top_up_and_pay: "Dùng số dư trong ví trước, phần còn lại trả qua cổng thanh toán.",
      gateway: "Trả toàn bộ qua cổng thanh toán, số dư trong ví giữ nguyên.",
    },
    fromCredit: "và {credit} từ ví",
    surplus: "{surplus} còn lại trong ví",
    notOffered: {
      insufficient_credit: "Số dư không đủ.",
      credit_suffices: "Số dư trong ví đủ để thanh toán toàn bộ.",
      nothing_to_pay: "Không cần thanh toán.",
      other_currency: "Chỉ nhận loại tiền khác.",
      below_minimum: "Nhận tối thiểu {amount}.",
      above_maximum: "Nhận tối đa {amount}.",
    },
    creditPart: "Trả một phần từ ví",
    left: "còn phải trả {left}",
    leaving: "Đang chuyển đến {gateway}…",
    leavingHint: "Bạn thanh toán {amount} tại đó rồi quay lại đây.",
    goTo: "Tới {gateway}",
    waitingTitle: "Đang chờ bạn thanh toán qua {gateway}",
    waitingHint:
      "Ngay khi {gateway} báo đã nhận tiền, trang này sẽ tự động tiếp tục. Bạn cũng có thể đóng trang, không có gì bị mất.",
    askingTitle: "Đang chờ {gateway} trả lời",
    askingHint:
      "Đã hết thời gian thanh toán và chúng tôi chưa biết kết quả. Chúng tôi tiếp tục hỏi {gateway}, trang này sẽ tự động tiếp tục.",
    unreached:
      "{gateway} chưa cho biết địa chỉ thanh toán. Chúng tôi đang hỏi lại về khoản thanh toán này. Bạn cũng có thể chọn cách khác.",
    atGateway: "Qua {gateway}",
    held: "Tạm giữ từ ví",
    payUntil: "Có thể thanh toán đến",
    heldUntil: "Tạm giữ đến",
    ifItFails: "Nếu không thành công hoặc quá hạn, bạn không bị trừ tiền.",
    ifItFailsHeld:
      "Nếu không thành công hoặc quá hạn, bạn không bị trừ tiền và số tiền tạm giữ được trả lại ví.",
    anotherWay: "Thanh toán cách khác",
    refused: "{gateway} chưa nhận được tiền.",
    tryAgain: "Bạn có thể thử lại hoặc chọn cách khác.",
    undecided:
      "Khoản thanh toán {amount} qua {gateway} chưa có kết quả. Nếu tiền vẫn đến, đơn hàng sẽ được thanh toán, hoặc tiền được cộng vào ví nếu đơn hàng không còn cần.",
    undecidedClosed:
      "Khoản thanh toán {amount} qua {gateway} chưa có kết quả. Nếu tiền vẫn đến, tiền sẽ được cộng vào ví.",
    becameCredit: "{amount} đến từ {gateway} khi đơn hàng không còn cần. Số tiền đã được cộng vào ví.",
    paidLate: "Khoản thanh toán qua {gateway} đến muộn nhưng vẫn thanh toán cho đơn hàng này.",
  },
};
