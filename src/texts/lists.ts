import type { Translated } from "./locale.ts";

const en = {
  apply: "Apply",
  clear: "Clear filters",
  search: "Search",
  from: "From",
  to: "To",
  all: "All",
  unreadable: "These filters couldn't be read and were left out:",
  place: "the page's place in the list",
  newer: "Newer",
  older: "Older",
  pages: "Pages",
  noMatch: "Nothing matches these filters.",
  newest: "Show the newest",
  more: "and {count} more",
};

/** The words of every list: its filters and its pages. */
export const listTexts: Translated<typeof en> = {
  en,
  vi: {
    apply: "Lọc",
    clear: "Bỏ bộ lọc",
    search: "Tìm kiếm",
    from: "Từ ngày",
    to: "Đến ngày",
    all: "Tất cả",
    unreadable: "Không đọc được các điều kiện lọc sau nên đã bỏ qua:",
    place: "vị trí trang trong danh sách",
    newer: "Mới hơn",
    older: "Cũ hơn",
    pages: "Trang",
    noMatch: "Không có kết quả nào khớp với bộ lọc.",
    newest: "Xem mục mới nhất",
    more: "và {count} mục khác",
  },
};
