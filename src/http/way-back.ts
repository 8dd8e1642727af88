import type { Context } from "hono";
import { mayReturnTo } from "../domain/catalogue.ts";
import { currentProducts } from "../store/catalogue.ts";
import { isSandbox } from "../store/clock.ts";
import type { App } from "./context.ts";
import { publicUrl } from "./links.ts";

/** Whether payers may be sent back to an address: one of our own pages, or of an origin that any product registered. */
export async function mayLeadBackTo(c: Context<App>, url: string): Promise<boolean> {
  if (new URL(url).origin === new URL(publicUrl(c)).origin) return true;
  const products = await currentProducts(c.env);
  return products.some((product) => mayReturnTo(url, product, isSandbox(c.env)));
}
