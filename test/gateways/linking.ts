import { exports } from "cloudflare:workers";
import type { GatewayName } from "../../src/domain/gateway.ts";
import { bodyOf, type CallOptions, type OrProblem, type TestAccount } from "../support/api.ts";
import { type Begun, Customer } from "./customer.ts";
import { ORIGIN, theirNameOf } from "./paying.ts";

export interface LinkView {
  readonly id: string;
  readonly gateway: string;
  readonly status: string;
  readonly default: boolean;
  readonly label: string | null;
  readonly redirectUrl?: string;
  readonly reason: string | null;
}

export interface LinkList {
  readonly data: readonly LinkView[];
  readonly unpaidOrders: readonly { readonly id: string; readonly total: number }[];
  readonly unpaidBills: readonly { readonly code: string; readonly remaining: number }[];
}

/** A customer who links accounts, and pays with them. */
export class LinkingCustomer extends Customer {
  readonly path = `${this.account.path}/linked-accounts`;
  readonly #gateway: GatewayName;

  constructor(account: TestAccount, gateway: GatewayName) {
    super(account);
    this.#gateway = gateway;
  }

  startLink = (gateway: GatewayName = this.#gateway, options?: CallOptions) =>
    this.account.user.post<OrProblem<LinkView>>(
      this.path,
      { gateway, returnUrl: "https://console.example/accounts" },
      options,
    );

  links = async (): Promise<LinkList> => bodyOf(await this.account.user.get<LinkList>(this.path), 200);

  oneLink = async (id: string): Promise<LinkView> =>
    bodyOf(await this.account.user.get<LinkView>(`${this.path}/${id}`), 200);

  unlink = (id: string) => this.account.user.delete<OrProblem<LinkList>>(`${this.path}/${id}`);

  choose = (id: string) =>
    this.account.user.put<OrProblem<LinkList>>(`${this.path}/${id}/default`, undefined);

  /** Begins to link an account, follows the address and decides there; answers the link as it then is. */
  async link(decision: "approve" | "refuse" = "approve", callback = "normal") {
    const begun = bodyOf(await this.startLink(), 201) as unknown as LinkView;
    await this.decideLink(begun, decision, callback);
    return this.oneLink(begun.id);
  }

  async decideLink(
    { id, gateway, redirectUrl }: LinkView,
    decision: string,
    callback = "normal",
  ): Promise<void> {
    const page = await exports.default.fetch(redirectUrl ?? "");
    if (page.status !== 200) throw new Error(`the gateway's page answered ${page.status}`);
    const { pathname } = new URL(redirectUrl ?? "");
    const reference = await theirNameOf(gateway as GatewayName, id);
    const answer = await exports.default.fetch(`${ORIGIN}${pathname}`, {
      method: "POST",
      headers: { Origin: ORIGIN },
      body: new URLSearchParams({ reference, decision, callback }),
      redirect: "manual",
    });
    if (answer.status !== 303) throw new Error(`the gateway's page answered ${answer.status}`);
  }

  payLinked = (order: string, linkedAccount?: string, options?: CallOptions) =>
    this.account.user.post<OrProblem<Begun>>(
      `${this.account.path}/orders/${order}/pay`,
      { method: "linked", ...(linkedAccount === undefined ? {} : { linkedAccount }) },
      options,
    );

  topUpLinked = (amount: number, linkedAccount: string, options?: CallOptions) =>
    this.account.user.post<OrProblem<Begun>>(
      `${this.account.path}/top-ups`,
      { amount, linkedAccount, returnUrl: "https://console.example/credit" },
      options,
    );
}
