import type { Translated } from "./locale.ts";

const en = {
  title: "Pay bills",
  choose: "Choose {code} to pay it",
  chosen: "Chosen bills:",
  paySelected: "Pay selected",
  pay: "Pay",
  remaining: "Remaining",
  nothing: "None of these bills is to be paid. Please choose others in the billing history.",
  overdue: "overdue",
  total: "To be paid",
  undecided:
    "A payment of {amount} at {gateway} isn't decided yet. Should the money still come, it pays these bills, or becomes credit where they don't need it any more.",
  changed: "These bills were changed meanwhile. Please look at them again before you pay.",
  noMethod: "There is no way to pay this at the moment.",
  paidTitle: "Thank you! {amount} is paid",
  becameCreditTitle: "{amount} is in your credit",
  becameCredit: "The money came when these bills didn't need it any more. You can use it at once.",
  failedTitle: "No bill was paid",
  payRest: "Pay the rest",
  paidFor: "Bills",
  usedTitle: "Used and not billed yet",
  usedHint: "This becomes bills when the month is over, with what is used until then.",
  used: "Used",
  cost: "Cost so far",
  usedTotal: "Total so far",
};

/** The words of bills: paying them, and what they will be about. */
export const billsTexts: Translated<typeof en> = {
  en,
  vi: {
    title: "Thanh toán hóa đơn",
    choose: "Chọn {code} để thanh toán",
    chosen: "Hóa đơn đã chọn:",
    paySelected: "Thanh toán mục đã chọn",
    pay: "Thanh toán",
    remaining: "Còn phải trả",
    nothing: "Không có hóa đơn nào trong số này cần thanh toán. Vui lòng chọn trong lịch sử hóa đơn.",
    overdue: "quá hạn",
    total: "Cần thanh toán",
    undecided:
      "Khoản thanh toán {amount} qua {gateway} chưa có kết quả. Nếu tiền vẫn đến, các hóa đơn này sẽ được thanh toán, hoặc tiền được cộng vào ví nếu không còn cần.",
    changed: "Các hóa đơn này vừa thay đổi. Vui lòng xem lại trước khi thanh toán.",
    noMethod: "Hiện chưa có cách thanh toán nào.",
    paidTitle: "Cảm ơn bạn! Đã thanh toán {amount}",
    becameCreditTitle: "{amount} đã được cộng vào ví",
    becameCredit: "Tiền đến khi các hóa đơn này không còn cần. Bạn có thể dùng ngay.",
    failedTitle: "Chưa thanh toán được hóa đơn",
    payRest: "Thanh toán phần còn lại",
    paidFor: "Hóa đơn",
    usedTitle: "Đã dùng, chưa xuất hóa đơn",
    usedHint: "Khi hết tháng, phần này cùng phần dùng thêm sẽ thành hóa đơn.",
    used: "Đã dùng",
    cost: "Chi phí đến nay",
    usedTotal: "Tổng đến nay",
  },
};
