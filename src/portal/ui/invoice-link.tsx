import type { Context } from "hono";
import type { App } from "../../http/context.ts";
import { invoicePath } from "../rooms.ts";
import { mayEnter } from "../visitor.ts";

/** An invoice's code, as the way to it for those who may see it. */
export const InvoiceLink = ({ c, code }: { readonly c: Context<App>; readonly code: string }) =>
  mayEnter(c, "invoice") ? (
    <a class="code whole" href={invoicePath(code)}>
      {code}
    </a>
  ) : (
    <span class="code whole">{code}</span>
  );
