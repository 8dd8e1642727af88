import type { Translated } from "./locale.ts";

const en = {
  title: "Why these amounts",
  why: "Why {amount}?",
  ran: "It was used from {start} to {end}: that is {minutes} minutes, as the clock has them.",
  billed:
    "{time} were paid for: that is {minutes} minutes, in which a month counts 30 days and a day 1,440 minutes.",
  unit: "Its price is per {unit}.",
  unitOfTime: "Its price is per {unit}, that is {minutes} minutes.",
  metered: "What was metered of it is {units}, less what is free.",
  less: "The discount takes {discount}% off.",
  taxed: "{rate}% tax come on top.",
  sum: "Its items come to {exact} together.",
  rounded: "Rounded once, halves up, it is {amount}.",
  whole: "That is {amount}; nothing had to be rounded.",
  shares:
    "What is shown of each item is its part of that: whole amounts first, and what is left to the largest fractions.",
  kept: "The time that it replaces was worth {amount}, which is more, and this type of resource gives nothing back: so it stays.",
  tax: "The tax in it is {formula} = {exact}, rounded {amount}.",
  noTax: "There is no tax in it.",
  coupon:
    "The coupon {code} pays {discount} of it, this line's share of the coupon's value. That leaves {net}.",
  promotion: "What a coupon had paid of the time before pays {discount} of it. That leaves {net}.",
};

/** How an invoice's amounts came about, in words. */
export const whyTexts: Translated<typeof en> = {
  en,
  vi: {
    title: "Vì sao có số tiền này",
    why: "Vì sao {amount}?",
    ran: "Đã dùng từ {start} đến {end}: {minutes} phút, tính theo thời gian thực.",
    billed: "Đã trả cho {time}: {minutes} phút, trong đó một tháng tính 30 ngày và một ngày 1.440 phút.",
    unit: "Đơn giá tính cho mỗi {unit}.",
    unitOfTime: "Đơn giá tính cho mỗi {unit}, tức {minutes} phút.",
    metered: "Đã đo được {units}, sau khi trừ phần miễn phí.",
    less: "Chiết khấu giảm {discount}%.",
    taxed: "Cộng thêm thuế {rate}%.",
    sum: "Cộng lại, các hạng mục được {exact}.",
    rounded: "Làm tròn một lần, từ nửa trở lên làm tròn lên, được {amount}.",
    whole: "Kết quả là {amount}, không cần làm tròn.",
    shares:
      "Số tiền hiển thị của từng hạng mục là phần của nó: chia phần nguyên trước, phần còn lại cho các phần lẻ lớn nhất.",
    kept: "Thời gian được thay thế có giá trị {amount}, lớn hơn, và loại tài nguyên này không hoàn tiền: nên giữ nguyên giá trị đó.",
    tax: "Thuế trong đó là {formula} = {exact}, làm tròn {amount}.",
    noTax: "Không có thuế trong đó.",
    coupon: "Mã giảm giá {code} trả {discount}, là phần của dòng này trong giá trị mã. Còn lại {net}.",
    promotion: "Phần mã giảm giá đã trả cho thời gian trước trả {discount}. Còn lại {net}.",
  },
};
