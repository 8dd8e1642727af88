import type { Context } from "hono";
import { type Balances, balanceOf } from "../../domain/ledger.ts";
import { add } from "../../domain/money.ts";
import type { App } from "../../http/context.ts";
import { dashboardTexts } from "../../texts/dashboard.ts";
import { ROOMS } from "../rooms.ts";
import { mayEnter, readerOf } from "../visitor.ts";
import { Fact, Money } from "./parts.tsx";

/** What is in the wallet, and what of it is held. */
export function WalletNow({ c, balances }: { readonly c: Context<App>; readonly balances: Balances }) {
  const reader = readerOf(c);
  const texts = dashboardTexts[reader.locale];
  const [available, held] = [balanceOf(balances, "credit_available"), balanceOf(balances, "credit_held")];
  const heldAmount = <Money minor={held} reader={reader} />;
  return (
    <section class="card">
      <dl class="details">
        <Fact label={texts.credit} main={<Money minor={available} reader={reader} />} />
        <Fact
          label={texts.held}
          main={
            held > 0 && mayEnter(c, "use") ? <a href={`${ROOMS.use.path}#held`}>{heldAmount}</a> : heldAmount
          }
        />
        <Fact label={texts.total} main={<Money minor={add(available, held)} reader={reader} />} />
      </dl>
    </section>
  );
}
