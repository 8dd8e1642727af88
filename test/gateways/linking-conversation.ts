import type {
  Gateway,
  KnownLink,
  LinkedToken,
  LinkRequest,
  Linking as PortLinking,
} from "../../src/gateways/port.ts";
import { ORIGIN, Paying, theirNameOf } from "./paying.ts";

/** One account that is linked at a gateway, and the webhook that hears of it. */
export class Linking {
  readonly #paying: Paying;
  readonly port: PortLinking;
  readonly request: LinkRequest;
  /** What a callback handed over. */
  grant: string | null = null;
  #known: KnownLink;
  #address = "";

  constructor(gateway: Gateway) {
    if (!gateway.linking) throw new Error(`${gateway.name} links nothing`);
    this.#paying = new Paying(gateway, { returnUrl: `${ORIGIN}/accounts` });
    this.port = gateway.linking;
    this.request = this.#paying.request;
    this.#known = { ...this.request, createdAs: null };
  }

  async begin() {
    const outcome = await this.port.link(this.request);
    if (outcome.kind === "created") {
      this.#address = outcome.redirectUrl;
      this.#known = { ...this.#known, createdAs: outcome.createdAs };
    }
    return outcome;
  }

  read = () => this.port.readLink(this.#known, this.grant);

  /** Opens the gateway's page and decides there. */
  async decide(decision: "approve" | "refuse", callback = "normal"): Promise<Response> {
    const page = await this.#paying.open(this.#address);
    if (page.status !== 200) throw new Error(`the page answered ${page.status}`);
    const { origin, pathname } = new URL(this.#address);
    const reference = await theirNameOf(this.#paying.gateway.name, this.request.reference);
    return this.#paying.visit(
      new Request(`${origin}${pathname}`, {
        method: "POST",
        headers: { Origin: ORIGIN },
        body: new URLSearchParams({ reference, decision, callback }),
      }),
    );
  }

  /** What the webhook was sent, as the gateway reads it; keeps what is handed over. */
  async heard() {
    const verdicts = await this.#paying.heard();
    for (const verdict of verdicts) if (verdict.kind === "link") this.grant = verdict.grant;
    return verdicts;
  }

  /** Links it all the way; answers what it is charged by. */
  async linked(): Promise<LinkedToken> {
    await this.begin();
    await this.decide("approve");
    await this.heard();
    const outcome = await this.read();
    if (outcome.kind !== "linked") throw new Error(`not linked: ${JSON.stringify(outcome)}`);
    return { link: this.request.reference, token: outcome.token };
  }
}
