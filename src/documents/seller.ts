/** The name of who sells, where an installation doesn't set `SELLER_NAME`. */
export const DEFAULT_SELLER = "edge-billing";
