/** What a form of the checkout is for: all of them are sent to the page itself. */
export const INTENTS = ["items", "coupon", "address", "pay", "buy", "cancel", "share", "unshare"] as const;

export const Intent = ({ of }: { readonly of: (typeof INTENTS)[number] }) => (
  <input type="hidden" name="intent" value={of} />
);
