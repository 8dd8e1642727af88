import type { Shot } from "./load.ts";
import { type Customer, type Market, withBody } from "./market.ts";

/** An order that waits for its payment. */
interface Unpaid {
  readonly customer: Customer;
  readonly id: string;
}

/** What a market's customers do, one request after another, each customer in turn. */
export class Scenarios {
  readonly #market: Market;
  readonly #run: string;
  #turns = 0;
  #keys = 0;
  #unpaid: Unpaid[] = [];

  constructor(market: Market, run: string) {
    this.#market = market;
    this.#run = run;
  }

  readonly balance = (): Shot => {
    const { path, user } = this.#customer();
    return { method: "GET", path: `${path}/balance`, headers: { Authorization: user }, status: 200 };
  };

  readonly create = (): Shot => {
    const customer = this.#customer();
    const { path, buyer } = customer;
    return {
      method: "POST",
      path: `${path}/orders`,
      status: 201,
      ...withBody(this.#market.order, buyer, this.#key()),
      answered: (body) => {
        this.#unpaid.push({ customer, id: JSON.parse(body).id });
      },
    };
  };

  /** Pays the orders that were created, oldest first; null where none is left. */
  readonly pay = (): Shot | null => {
    const order = this.#unpaid.shift();
    if (!order) return null;
    const { customer, id } = order;
    return {
      method: "POST",
      path: `${customer.path}/orders/${id}/pay`,
      status: 200,
      ...withBody({ method: "credit" }, customer.user, this.#key()),
    };
  };

  /** Leaves orders unpaid that nobody came to pay. */
  forget(): void {
    this.#unpaid = [];
  }

  #customer(): Customer {
    const { customers } = this.#market;
    const customer = customers[this.#turns % customers.length];
    this.#turns += 1;
    if (!customer) throw new Error("a market without customers");
    return customer;
  }

  #key(): string {
    this.#keys += 1;
    return `bench-${this.#run}-${this.#keys}`;
  }
}
