import type { Translated } from "./locale.ts";

const en = {
  credit: "Trial credit",
  granted: "Granted",
  used: "Used",
  until: "Ends",
  ended: "Ended",
  history: "Trial credit history",
  historyHint:
    "What came into your trial credit and what left it. It is apart from your credit: neither pays for the other.",
  noHistory: "No trial credit yet",
  noHistoryHint: "Trial credit is granted to try products with. What happens to it appears here.",
  balance: "Balance after",
  endsSoon:
    "Your trial credit ends on {instant}. What runs on it stops then: convert what you want to keep. Trials running: {count}.",
  hasEnded:
    "Your trial credit ended on {instant}. Trials in the trash: {count}. Recover what you want to keep, before it is deleted.",
  show: "Show the trials",
  renewal: "None: a trial",
  running: "This is a trial: it runs on trial credit until its end. Convert it to paid to keep it.",
  runningMetered:
    "This is a trial: it runs on trial credit until its end, and is deleted then with its data. Convert it to paid to keep it.",
  inTrash:
    "Its trial is over, and it is in the trash. Recovered, it starts anew with the configuration it had: paid, or on trial credit while there is some.",
  convert: "Convert to paid",
  convertByUse: "Convert to pay by use",
  stop: "Stop the trial",
  stopTitle: "Stop the trial of {name}?",
  stopHint:
    "It stops, and lies in the trash until {instant}. Until then it can be recovered or converted to paid.",
  back: "Back to your trial credit",
  backHint: "What the time left cost, to the minute. It becomes trial credit again.",
  nothingBack: "Nothing: no time is left.",
  confirmStop: "Stop it",
  keep: "Keep it",
  stoppedTitle: "The trial of {name} is stopped",
  cameBack: "This came back to your trial credit",
  ways: "How to have it",
  paid: "Pay for it",
  byUse: "Pay by use",
  onTrial: "Try it on trial credit",
  trialEnds: "The trial's end",
  runsUntil: "Runs until",
  runsUntilHint: "The end of your trial credit",
  notEnough: "Not enough trial credit.",
  noCoupon: "Coupons can't be used with trial credit.",
  noInvoice: "Trial credit leads to no invoice.",
  backWhenChanged: "It becomes trial credit again as soon as the configuration is changed.",
  inTrialCredit: "Back in your trial credit",
  notOffered: {
    ended: "Your trial credit ended on {instant}.",
    not_sold: "Trial credit doesn't pay for this.",
    too_short: "Your trial credit ends on {instant}, in less than a day.",
  },
  outcome: {
    paidTitle: "Paid from your trial credit",
    failedHint: "What it cost is back in your trial credit, and nothing else has changed.",
    partlyHint: "What couldn't be done is back in your trial credit.",
  },
};

/** The words of trial credit and of what runs on it. */
export const trialTexts: Translated<typeof en> = {
  en,
  vi: {
    credit: "Tiền dùng thử",
    granted: "Đã cấp",
    used: "Đã dùng",
    until: "Hết hạn",
    ended: "Đã hết hạn",
    history: "Lịch sử tiền dùng thử",
    historyHint:
      "Các khoản vào và ra của tiền dùng thử. Tiền dùng thử tách riêng với số dư của bạn: hai bên không thanh toán thay nhau.",
    noHistory: "Chưa có tiền dùng thử",
    noHistoryHint: "Tiền dùng thử được cấp để dùng thử dịch vụ. Mọi thay đổi sẽ hiện ở đây.",
    balance: "Số dư sau đó",
    endsSoon:
      "Tiền dùng thử của bạn hết hạn {instant}. Tài nguyên chạy bằng tiền này sẽ dừng: hãy chuyển sang trả phí những gì bạn muốn giữ. Số tài nguyên đang dùng thử: {count}.",
    hasEnded:
      "Tiền dùng thử của bạn đã hết hạn {instant}. Số tài nguyên dùng thử trong thùng rác: {count}. Hãy khôi phục những gì bạn muốn giữ trước khi bị xóa.",
    show: "Xem tài nguyên dùng thử",
    renewal: "Không: dùng thử",
    running:
      "Tài nguyên này đang dùng thử, chạy bằng tiền dùng thử đến khi hết hạn. Hãy chuyển sang trả phí để giữ lại.",
    runningMetered:
      "Tài nguyên này đang dùng thử, chạy bằng tiền dùng thử đến khi hết hạn, rồi bị xóa cùng dữ liệu. Hãy chuyển sang trả phí để giữ lại.",
    inTrash:
      "Tài nguyên đã hết dùng thử và đang ở trong thùng rác. Khi khôi phục, tài nguyên bắt đầu lại với cấu hình cũ: có trả phí, hoặc bằng tiền dùng thử nếu còn.",
    convert: "Chuyển sang trả phí",
    convertByUse: "Chuyển sang trả theo mức sử dụng",
    stop: "Dừng dùng thử",
    stopTitle: "Dừng dùng thử {name}?",
    stopHint:
      "Tài nguyên dừng và nằm trong thùng rác đến {instant}. Đến lúc đó vẫn có thể khôi phục hoặc chuyển sang trả phí.",
    back: "Hoàn vào tiền dùng thử",
    backHint: "Giá trị của thời gian còn lại, tính đến từng phút, trở lại thành tiền dùng thử.",
    nothingBack: "Không có: không còn thời gian.",
    confirmStop: "Dừng",
    keep: "Giữ lại",
    stoppedTitle: "Đã dừng dùng thử {name}",
    cameBack: "Đã hoàn vào tiền dùng thử",
    ways: "Cách sử dụng",
    paid: "Trả phí",
    byUse: "Trả theo mức sử dụng",
    onTrial: "Dùng thử",
    trialEnds: "Hết hạn dùng thử",
    runsUntil: "Chạy đến",
    runsUntilHint: "Thời điểm tiền dùng thử hết hạn",
    notEnough: "Tiền dùng thử không đủ.",
    noCoupon: "Không dùng được mã giảm giá với tiền dùng thử.",
    noInvoice: "Tiền dùng thử không phát sinh hóa đơn.",
    backWhenChanged: "Số tiền này trở lại thành tiền dùng thử ngay khi cấu hình được thay đổi.",
    inTrialCredit: "Đã hoàn vào tiền dùng thử",
    notOffered: {
      ended: "Tiền dùng thử của bạn đã hết hạn {instant}.",
      not_sold: "Không dùng được tiền dùng thử cho đơn hàng này.",
      too_short: "Tiền dùng thử của bạn hết hạn {instant}, chưa đầy một ngày nữa.",
    },
    outcome: {
      paidTitle: "Đã thanh toán bằng tiền dùng thử",
      failedHint: "Chi phí đã được hoàn vào tiền dùng thử, ngoài ra không có gì thay đổi.",
      partlyHint: "Chi phí của phần không thực hiện được đã được hoàn vào tiền dùng thử.",
    },
  },
};
