import fc from "fast-check";
import type { Account, Caller } from "../../src/domain/account.ts";
import type { Attempt, AttemptId } from "../../src/domain/attempts/attempt.ts";
import type { FiledCallback } from "../../src/domain/attempts/callback.ts";
import type { GatewayTerms } from "../../src/domain/attempts/offers.ts";
import type { Product } from "../../src/domain/catalogue.ts";
import type { Standing } from "../../src/domain/commands/hear-gateway.ts";
import type { LinkHearing } from "../../src/domain/commands/hear-link.ts";
import type { RefundStanding } from "../../src/domain/commands/hear-refund.ts";
import type { Coupon } from "../../src/domain/coupon.ts";
import type { Command } from "../../src/domain/decide.ts";
import type {
  CallbackId,
  InvoiceAddressId,
  InvoiceCode,
  LineId,
  OrderId,
  PaymentId,
  RecipientId,
  ResourceId,
  ResourceTypeId,
  ShareId,
  SkuId,
} from "../../src/domain/ids.ts";
import { resourceIdOf } from "../../src/domain/ids.ts";
import type { Invoice } from "../../src/domain/invoice.ts";
import type { LinkedAccount, LinkedAccountId } from "../../src/domain/linking/linked-account.ts";
import { money } from "../../src/domain/money.ts";
import { ACTIONS, type Order, type OrderItem, type Period, statusAt } from "../../src/domain/order.ts";
import { PAY_METHODS } from "../../src/domain/payment.ts";
import type { RefundId, SourceRefund } from "../../src/domain/refunds/source-refund.ts";
import { isInTrash, type Resource } from "../../src/domain/resource.ts";
import { needsMeters } from "../../src/domain/unbilled.ts";
import { productOf, VMONITOR, VSERVER } from "../support/catalogue.ts";

const DAY_MS = 86_400_000;

/** What a command is made from: the account as it is when the command's turn comes. */
export interface World {
  readonly nowMs: number;
  readonly account: Account;
  /** Oldest first. */
  readonly orders: readonly Order[];
  readonly resources: readonly Resource[];
  /** Oldest first, as all that is numbered. */
  readonly attempts: readonly Attempt[];
  readonly refunds: readonly SourceRefund[];
  readonly linkedAccounts: readonly LinkedAccount[];
  readonly callbacks: readonly FiledCallback[];
  readonly invoices: readonly Invoice[];
  readonly coupons: readonly Coupon[];
  nextId(prefix: string): string;
}

type CommandOf<T extends Command["type"]> = Extract<Command, { type: T }>;

/** A command to be: it names what it is about by position, so that it means something in any world. */
export class Plan {
  readonly type: Command["type"];
  readonly spec: unknown;
  readonly make: (world: World) => Command;

  constructor(type: Command["type"], spec: unknown, make: (world: World) => Command) {
    this.type = type;
    this.spec = spec;
    this.make = make;
  }

  [fc.toStringMethod](): string {
    return `${this.type}(${JSON.stringify(this.spec)})`;
  }
}

const planned = <T extends Command["type"], S>(
  type: T,
  specs: fc.Arbitrary<S>,
  make: (spec: S, world: World) => CommandOf<T>,
): fc.Arbitrary<Plan> => specs.map((spec) => new Plan(type, spec, (world) => make(spec, world)));

const rarely = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 24, arbitrary: usual }, { weight: 1, arbitrary: odd });

/** One of the orders the command is meant for, or of all, by its age (0 is the newest); null: one that never was. */
type OrderSpec = { readonly fitting: number } | { readonly any: number } | null;

const orderSpecs: fc.Arbitrary<OrderSpec> = fc.oneof(
  { weight: 16, arbitrary: fc.record({ fitting: fc.nat(4) }) },
  { weight: 4, arbitrary: fc.record({ any: fc.nat(15) }) },
  { weight: 1, arbitrary: fc.constant(null) },
);

type Fits = (order: Order, world: World) => boolean;

const isUnpaid: Fits = (order, { nowMs }) => statusAt(order, nowMs) === "awaiting_payment";
const isWaiting: Fits = ({ status }) => status === "provisioning";

function findOrder(world: World, spec: OrderSpec, fits: Fits): Order | undefined {
  if (spec === null) return undefined;
  const fitting = world.orders.filter((order) => "any" in spec || fits(order, world));
  const orders = fitting.length > 0 ? fitting : world.orders;
  return orders[orders.length - 1 - (("any" in spec ? spec.any : spec.fitting) % Math.max(orders.length, 1))];
}

const orderAt = (world: World, spec: OrderSpec, fits: Fits): OrderId =>
  findOrder(world, spec, fits)?.id ?? ("ord_never" as OrderId);

const TEMPLATES = {
  small: { type: "server", configuration: { small: 1 }, months: 1 },
  full: { type: "server", configuration: { small: 2, disk: 3 }, months: 1 },
  mixed_tax: { type: "server", configuration: { licence: 7, odd: 3, disk: 1 }, months: 1 },
  free: { type: "server", configuration: { gift: 1 }, months: 1 },
  package: { type: "package", configuration: { gold: 30 }, months: 3 },
  quota: { type: "quota", configuration: { metrics: 1, logs: 5 }, months: 1 },
  used: { type: "image", configuration: { "image-gb": 2 }, months: null },
  metered: {
    type: "balancer",
    configuration: { node: 1, "cache-gb": 5, "traffic-gb": 0, "data-gb": 0 },
    months: null,
  },
  held: { type: "snapshot", configuration: { "snapshot-gb": 1 }, months: 1 },
  unknown_type: { type: "nosuch", configuration: { small: 1 }, months: 1 },
  unknown_sku: { type: "server", configuration: { nosuch: 1 }, months: 1 },
  too_few: { type: "package", configuration: { gold: 1 }, months: 3 },
  too_much: { type: "server", configuration: { small: 900_000_000 }, months: 60 },
} as const;
type Template = keyof typeof TEMPLATES;

const SERVERS = [
  "small",
  "full",
  "mixed_tax",
  "free",
  "package",
  "used",
] as const satisfies readonly Template[];
const REFUSED = [
  "held",
  "unknown_type",
  "unknown_sku",
  "too_few",
  "too_much",
] as const satisfies readonly Template[];

const periods = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ moreMonths: 0 }) },
  { weight: 2, arbitrary: fc.constantFrom({ moreMonths: 1 }, { moreMonths: 11 }) },
  { weight: 3, arbitrary: fc.constantFrom({ days: 31 }, { days: 45 }, { days: 100 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom({ moreMonths: 90 }, { days: -1 }, { days: 2 }, { days: 4_000 }, null),
  },
);
type PeriodSpec = { moreMonths: number } | { days: number } | null;

const periodOf = (spec: PeriodSpec, least: number, { nowMs }: World): Period | null => {
  if (spec === null) return null;
  return "days" in spec
    ? { endAtMs: nowMs + spec.days * DAY_MS + 12_345 }
    : { months: least + spec.moreMonths };
};

const autoRenews = fc.constantFrom(null, { enabled: true, months: 1 }, { enabled: false, months: 3 });
const quantities = rarely(fc.integer({ min: 1, max: 4 }), fc.constantFrom(60, 150));

const itemSpecs = <T extends Template>(templates: readonly T[]) =>
  fc.record({
    template: rarely<Template>(fc.constantFrom(...templates), fc.constantFrom(...REFUSED)),
    quantity: quantities,
    period: periods,
    autoRenew: autoRenews,
  });
type ItemSpec = {
  template: Template;
  quantity: number;
  period: PeriodSpec;
  autoRenew: OrderItem["autoRenew"];
};

function itemOf(spec: ItemSpec, world: World): OrderItem {
  const { type, configuration, months } = TEMPLATES[spec.template];
  const isPostpaid = world.account.billingMode === "postpaid";
  return {
    resource: null,
    resourceType: type as ResourceTypeId,
    name: spec.template,
    configuration: Object.entries(configuration).map(([sku, quantity]) => ({ sku: sku as SkuId, quantity })),
    quantity: spec.quantity,
    period: isPostpaid || months === null ? null : periodOf(spec.period, months, world),
    autoRenew: isPostpaid || months === null ? null : spec.autoRenew,
  };
}

/** A product as the catalogue has it now, or had it before a rise of all its prices. */
const pricedProduct = (product: Product, isRaised: boolean): Product =>
  isRaised
    ? {
        ...product,
        version: 2,
        resourceTypes: product.resourceTypes.map((type) => ({
          ...type,
          skus: type.skus.map((sku) => ({ ...sku, unitPrice: String(Number(sku.unitPrice) + 1_234.5) })),
        })),
      }
    : product;

/** The product as an order was quoted on it. */
export const quotedProduct = (order: Order | undefined): Product =>
  pricedProduct(productOf(order?.product ?? VSERVER), order?.quote.catalogueVersion === 2);

const isRaised = rarely(fc.constant(false), fc.constant(true));

const placeSpecs = fc
  .oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        product: fc.constant(VSERVER),
        items: fc.array(itemSpecs(SERVERS), { minLength: 1, maxLength: 3 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        product: fc.constant(VSERVER),
        items: fc.array(itemSpecs(["used", "metered"] as const), { minLength: 1, maxLength: 2 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        product: fc.constant(VMONITOR),
        items: fc.array(itemSpecs(["quota"] as const), { minLength: 1, maxLength: 2 }),
      }),
    },
  )
  .chain((order) =>
    fc.record({
      ...{ product: fc.constant(order.product), items: fc.constant(order.items), isRaised },
      action: rarely(fc.constant<(typeof ACTIONS)[number]>("create"), fc.constantFrom(...ACTIONS)),
      isForeignReturn: rarely(fc.constant(false), fc.constant(true)),
    }),
  );

const EXISTING = ["renew", "resize", "match_end_time", "recover", "convert_poc"] as const;
type Existing = (typeof EXISTING)[number];

/** What can be done to a resource, as long as nothing is in progress. */
const suits = (resource: Resource, action: Existing | "delete"): boolean => {
  if (resource.pending || resource.state === "deleted") return false;
  if (action === "convert_poc") return resource.billing === "poc";
  return (action === "recover") === isInTrash(resource);
};

/** One of the resources, of those that suit where there are any; null: one that never was. */
function resourceAt({ resources }: World, pick: number | null, suited: (resource: Resource) => boolean) {
  if (pick === null) return undefined;
  const suiting = resources.filter(suited);
  const found = suiting.length > 0 ? suiting : resources;
  return found[pick % Math.max(found.length, 1)];
}

const resourcePicks = rarely<number | null>(fc.nat(30), fc.constant(null));
const resourceIdAt = (world: World, pick: number | null, action: Existing | "delete"): ResourceId =>
  resourceAt(world, pick, (resource) => suits(resource, action))?.id ?? ("res_never" as ResourceId);

const existingSpecs = fc.record({
  action: fc.constantFrom(...EXISTING),
  picks: fc.array(resourcePicks, { minLength: 1, maxLength: 3 }),
  period: fc.oneof(
    { weight: 5, arbitrary: fc.constant({ moreMonths: 0 }) },
    fc.constantFrom({ moreMonths: 2 }, { days: 40 }, { days: 100 }, { days: 1 }, null),
  ),
  template: fc.constantFrom<Template>(...SERVERS, "quota"),
  autoRenew: autoRenews,
  isRaised,
});

/** An order about resources there are, of the product that the first of them is of. */
function orderOfExisting(
  {
    action,
    picks,
    period,
    template,
    autoRenew,
    isRaised,
  }: Parameters<typeof existingItem>[0] & {
    picks: readonly (number | null)[];
    isRaised: boolean;
  },
  world: World,
): CommandOf<"place_order"> {
  const found = picks.map((pick) => resourceAt(world, pick, (resource) => suits(resource, action)));
  const items = found.map((resource) =>
    existingItem({ action, period, template, autoRenew }, resource, world),
  );
  return {
    type: "place_order",
    order: world.nextId("ord") as OrderId,
    product: pricedProduct(productOf(found[0]?.product ?? VSERVER), isRaised),
    action,
    items,
    returnUrl: "http://localhost:3000/done",
    cancelUrl: null,
    localReturnAllowed: true,
  };
}

function existingItem(
  spec: { action: Existing; period: PeriodSpec; template: Template; autoRenew: OrderItem["autoRenew"] },
  resource: Resource | undefined,
  world: World,
): OrderItem {
  const { type, configuration } = TEMPLATES[spec.template];
  const isOfType = resource?.resourceType === type;
  const isUsed = [TEMPLATES.used, TEMPLATES.metered].some((of) => of.type === resource?.resourceType);
  const afterEnd = { ...world, nowMs: Math.max(world.nowMs, resource?.endAtMs ?? 0) };
  return {
    resource: resource?.id ?? ("res_never" as ResourceId),
    resourceType: resource?.resourceType ?? (type as ResourceTypeId),
    name: "",
    configuration:
      spec.action !== "resize"
        ? []
        : isOfType || !resource
          ? Object.entries(configuration).map(([sku, quantity]) => ({ sku: sku as SkuId, quantity }))
          : resource.configuration.map(({ sku, quantity }) => ({ sku, quantity: quantity * 2 })),
    quantity: 1,
    period:
      spec.action === "resize" || isUsed
        ? null
        : spec.action === "match_end_time" && spec.period && "moreMonths" in spec.period
          ? periodOf({ days: 31 }, 1, afterEnd)
          : periodOf(spec.period, resource?.resourceType === "package" ? 3 : 1, afterEnd),
    autoRenew: isUsed ? null : spec.autoRenew,
  };
}

const recipientAt = ({ recipients }: Account, which: number): RecipientId =>
  recipients[which % Math.max(recipients.length, 1)]?.id ?? ("rcp_never" as RecipientId);
const addressAt = ({ invoiceAddresses }: Account, which: number): InvoiceAddressId =>
  invoiceAddresses[which % Math.max(invoiceAddresses.length, 1)]?.id ?? ("adr_never" as InvoiceAddressId);
const limits = (min: number, max: number): GatewayTerms["limits"] => ({
  ...{ currency: "VND", minMinor: money(min), maxMinor: money(max), maxRefundMinor: money(max) },
});
const TERMS = {
  momo: { name: "momo", merchant: "MOMOTEST", limits: limits(1_000, 50_000_000) },
  vnpay: { name: "vnpay", merchant: "VNPTEST1", limits: limits(5_000, 999_999_999) },
} as const satisfies Record<string, GatewayTerms>;
const RETURN_URL = "https://billing.example/back";
const gateways = rarely(
  fc.constantFrom<"momo" | "vnpay" | null>("momo", "vnpay"),
  fc.constant<"momo" | "vnpay" | null>(null),
);

/** One of the bills that aren't paid, or else of all; null: one that never was. */
function billAt({ invoices }: World, pick: number | null): InvoiceCode {
  const open = invoices.filter(({ status }) => status !== "paid");
  const found = open.length > 0 ? open : invoices;
  const bill = pick === null ? undefined : found[pick % Math.max(found.length, 1)];
  return bill?.code ?? ("209901-NEVER-1" as InvoiceCode);
}

/** One of the attempts by its age, the open ones most; null: one that never was. */
const attemptPicks = rarely<number | null>(fc.nat(8), fc.constant(null));
const NO_ATTEMPT = "attempt_never" as AttemptId;
const NO_REFUND = "refund_never" as RefundId;
function attemptAt({ attempts }: Pick<World, "attempts">, pick: number | null): Attempt | undefined {
  if (pick === null) return undefined;
  const open = attempts.filter(({ status }) => status === "open");
  const picked = pick < 5 && open.length > 0 ? open : attempts;
  return picked[picked.length - 1 - (pick % Math.max(picked.length, 1))];
}

/** One of the linked accounts by its age; null: one that never was. */
const linkPicks = rarely<number | null>(fc.nat(4), fc.constant(null));
const NO_LINK = "link_never" as LinkedAccountId;
const linkAt = ({ linkedAccounts }: World, pick: number | null): LinkedAccount | undefined =>
  pick === null
    ? undefined
    : linkedAccounts[linkedAccounts.length - 1 - (pick % Math.max(linkedAccounts.length, 1))];

/** The account opens nothing: what is sealed may be anything. */
function hearingOf(kind: LinkHearing["kind"], nowMs: number): LinkHearing {
  const sealed = { keyId: "k", iv: "i", ciphertext: "c" };
  switch (kind) {
    case "created":
      return { kind, redirectUrl: "https://link.example/", createdAs: null, expiresAtMs: nowMs + 900_000 };
    case "decided":
      return { kind, grant: sealed };
    case "linked":
      return { kind, token: sealed, label: null };
    case "failed":
      return { kind, reason: "cancelled" };
    default:
      return { kind };
  }
}

/** The link of an order, or one that nobody was ever sent. */
const shareOf = (world: World, order: OrderSpec): ShareId =>
  findOrder(world, order, isUnpaid)?.share?.id ?? ("shr_never" as ShareId);

/** One generator a command. A command without one doesn't compile. */
export const GENERATORS: {
  readonly [T in Command["type"]]: { readonly weight: number; readonly arbitrary: fc.Arbitrary<Plan> };
} = {
  configure_account: {
    weight: 1,
    arbitrary: planned(
      "configure_account",
      fc.record({
        name: fc.constantFrom("An", "Binh"),
        currency: rarely(fc.constant("VND" as const), fc.constant("USD" as const)),
        timeZone: rarely(
          fc.constant("Asia/Ho_Chi_Minh"),
          fc.constantFrom("Europe/Paris", "Pacific/Apia", "Mars/Olympus"),
        ),
        suspendOverdueDays: fc.constantFrom(null, null, 3),
        postpaidLimit: rarely(fc.constant(null), fc.constant(money(500_000))),
        billingMode: fc.constantFrom("prepaid" as const, "prepaid" as const, "postpaid" as const),
      }),
      (settings, { account: { createdAtMs: _, ...account } }) => ({
        type: "configure_account",
        account: { ...account, ...settings },
      }),
    ),
  },
  add_recipient: {
    weight: 1,
    arbitrary: planned("add_recipient", rarely(fc.nat(30), fc.constant(null)), (number, world) => ({
      type: "add_recipient",
      recipient: world.nextId("rcp") as RecipientId,
      email: number === null ? world.account.email : `r${number}@example.com`,
      confirmationUrl: "https://billing.example/confirm",
    })),
  },
  confirm_recipient: {
    weight: 1,
    arbitrary: planned("confirm_recipient", fc.nat(30), (which, { account }) => ({
      type: "confirm_recipient",
      recipient: recipientAt(account, which),
    })),
  },
  remove_recipient: {
    weight: 1,
    arbitrary: planned("remove_recipient", fc.nat(30), (which, { account }) => ({
      type: "remove_recipient",
      recipient: recipientAt(account, which),
    })),
  },
  add_invoice_address: {
    weight: 1,
    arbitrary: planned("add_invoice_address", fc.boolean(), (isPerson, world) => ({
      type: "add_invoice_address",
      address: world.nextId("adr") as InvoiceAddressId,
      party: {
        ...{ kind: isPerson ? "personal" : "enterprise", taxCode: isPerson ? null : "0101234567" },
        ...{ name: "An", address: "Hà Nội", email: null },
      },
    })),
  },
  set_default_invoice_address: {
    weight: 1,
    arbitrary: planned("set_default_invoice_address", fc.nat(30), (which, { account }) => ({
      type: "set_default_invoice_address",
      address: addressAt(account, which),
    })),
  },
  remove_invoice_address: {
    weight: 1,
    arbitrary: planned("remove_invoice_address", fc.nat(30), (which, { account }) => ({
      type: "remove_invoice_address",
      address: addressAt(account, which),
    })),
  },
  grant_credit: {
    weight: 4,
    arbitrary: planned(
      "grant_credit",
      rarely(
        fc.oneof(fc.integer({ min: -300_000, max: 3_000_000 }), fc.integer({ min: 1, max: 300 })),
        fc.constantFrom(0, -1_000_000_000, 2_000_000_000_000_000),
      ),
      (amount, world) => ({
        type: "grant_credit",
        amount: money(amount),
        reason: "as the fuzz likes",
        reference: world.nextId("grant"),
      }),
    ),
  },
  set_poc_wallet: {
    weight: 3,
    arbitrary: planned(
      "set_poc_wallet",
      fc.record({
        amount: rarely(fc.integer({ min: 200_000, max: 3_000_000 }), fc.constantFrom(0, 1)),
        days: rarely(fc.constantFrom(2, 20, 60), fc.constantFrom(-1, 0, 3_000)),
      }),
      ({ amount, days }, world) => ({
        type: "set_poc_wallet",
        amount: money(amount),
        expiresAtMs: world.nowMs + days * DAY_MS,
        reference: world.nextId("poc"),
      }),
    ),
  },
  stop_poc: {
    weight: 3,
    arbitrary: planned("stop_poc", resourcePicks, (pick, world) => ({
      type: "stop_poc",
      resource: resourceIdAt(world, pick, "convert_poc"),
    })),
  },
  run_poc_due: {
    weight: 1,
    arbitrary: planned("run_poc_due", fc.constant(0), () => ({ type: "run_poc_due" })),
  },
  place_order: {
    weight: 10,
    arbitrary: fc.oneof(
      { weight: 2, arbitrary: planned("place_order", existingSpecs, orderOfExisting) },
      {
        weight: 3,
        arbitrary: planned("place_order", placeSpecs, (spec, world) => ({
          type: "place_order",
          order: world.nextId("ord") as OrderId,
          product: pricedProduct(productOf(spec.product), spec.isRaised),
          action: spec.action,
          items: spec.items.map((item) => itemOf(item, world)),
          returnUrl: spec.isForeignReturn ? "https://elsewhere.example/" : "http://localhost:3000/done",
          cancelUrl: null,
          localReturnAllowed: true,
        })),
      },
    ),
  },
  change_order: {
    weight: 8,
    arbitrary: planned(
      "change_order",
      fc.record({
        order: orderSpecs,
        isRaised,
        coupon: fc.option(fc.nat(10), { freq: 4 }),
        period: fc.option(periods, { freq: 3 }),
        changes: fc.array(
          fc.record({ item: fc.nat(3), quantity: fc.option(quantities), autoRenew: autoRenews }),
          { maxLength: 2 },
        ),
      }),
      ({ order, coupon, period, changes, isRaised }, world) => ({
        type: "change_order",
        order: orderAt(world, order, isUnpaid),
        product: pricedProduct(productOf(findOrder(world, order, isUnpaid)?.product ?? VSERVER), isRaised),
        everyItem: period === null ? {} : { period: periodOf(period, 1, world) ?? undefined },
        changes: changes.map(({ item, quantity, autoRenew }) => ({
          item,
          quantity: quantity ?? undefined,
          autoRenew: autoRenew ?? undefined,
        })),
        coupon: coupon === null ? null : (world.coupons[coupon % world.coupons.length] ?? null),
      }),
    ),
  },
  open_checkout: {
    weight: 1,
    arbitrary: planned(
      "open_checkout",
      fc.record({ order: orderSpecs, isUsed: rarely(fc.constant(false), fc.constant(true)) }),
      ({ order, isUsed }, world) => ({
        type: "open_checkout",
        order: orderAt(world, order, isUnpaid),
        opening: (findOrder(world, order, isUnpaid)?.checkoutsOpened ?? 0) - (isUsed ? 1 : 0),
      }),
    ),
  },
  pay_order: {
    weight: 10,
    arbitrary: planned(
      "pay_order",
      fc.record({
        order: orderSpecs,
        method: fc.oneof(
          { weight: 3, arbitrary: fc.constant<(typeof PAY_METHODS)[number]>("credit") },
          { weight: 2, arbitrary: fc.constantFrom("gateway", "top_up_and_pay", "linked") },
          { weight: 1, arbitrary: fc.constantFrom("hold", "poc") },
          { weight: 1, arbitrary: fc.constantFrom(...PAY_METHODS) },
        ),
        gateway: gateways,
        link: linkPicks,
        isShared: rarely(fc.constant(false), fc.constant(true)),
      }),
      ({ order, method, gateway, link, isShared }, world) => ({
        type: "pay_order",
        order: orderAt(world, order, isUnpaid),
        ...(isShared ? { share: shareOf(world, order) } : {}),
        method: isShared && method === "top_up_and_pay" ? "gateway" : method,
        payment: world.nextId("pay") as PaymentId,
        reservedCoupon: null,
        product: quotedProduct(findOrder(world, order, isUnpaid)),
        ...(gateway === null ? {} : { at: { terms: TERMS[gateway], returnUrl: RETURN_URL } }),
        linkedAccount: linkAt(world, link)?.id ?? null,
      }),
    ),
  },
  start_top_up: {
    weight: 3,
    arbitrary: planned(
      "start_top_up",
      fc.record({
        amount: rarely(fc.integer({ min: 5_000, max: 500_000 }), fc.constantFrom(1, 2_000_000_000)),
        gateway: gateways,
        returnAllowed: rarely(fc.constant(true), fc.constant(false)),
        link: fc.option(linkPicks),
      }),
      ({ amount, gateway, returnAllowed, link }, world) => ({
        type: "start_top_up",
        payment: world.nextId("pay") as AttemptId,
        amount: money(amount),
        terms: gateway && TERMS[gateway],
        returnUrl: RETURN_URL,
        returnAllowed,
        linkedAccount: link === null ? null : (linkAt(world, link)?.id ?? NO_LINK),
      }),
    ),
  },
  record_creation: {
    weight: 2,
    arbitrary: planned(
      "record_creation",
      fc.record({ pick: attemptPicks, isRefused: fc.boolean() }),
      ({ pick, isRefused }, world) => ({
        type: "record_creation",
        attempt: attemptAt(world, pick)?.id ?? NO_ATTEMPT,
        outcome: isRefused
          ? { kind: "failed", reason: "declined" }
          : { kind: "created", redirectUrl: "https://pay.example/", createdAs: null },
      }),
    ),
  },
  hear_gateway: {
    weight: 10,
    arbitrary: planned(
      "hear_gateway",
      fc.record({
        pick: attemptPicks,
        source: fc.constantFrom("callback" as const, "query" as const),
        kind: fc.constantFrom<Standing["kind"]>(
          ...(["succeeded", "succeeded", "succeeded", "failed", "pending", "unknown", "not_found"] as const),
        ),
        wrongBy: rarely(fc.constant(0), fc.constantFrom(-1, 1_000)),
        isOther: rarely(fc.constant(false), fc.constant(true)),
      }),
      ({ pick, source, kind, wrongBy, isOther }, world) => {
        const attempt = attemptAt(world, pick);
        const amount = money((attempt?.amount ?? 7_000) + wrongBy);
        const theirId = `${attempt?.id}${isOther ? " again" : ""}`;
        return {
          type: "hear_gateway",
          gateway: attempt?.gateway ?? "momo",
          attempt: attempt?.id ?? NO_ATTEMPT,
          source,
          standing:
            kind === "succeeded"
              ? { kind, theirId }
              : kind === "failed"
                ? { kind, reason: isOther ? "link_gone" : "cancelled" }
                : { kind },
          claim: { merchant: attempt?.merchant ?? "MOMOTEST", amount, currency: "VND" },
          filing: `cb_${theirId}_${amount}` as CallbackId,
          coupon: { reserved: null },
        };
      },
    ),
  },
  run_attempt_due: {
    weight: 2,
    arbitrary: planned("run_attempt_due", attemptPicks, (pick, world) => ({
      type: "run_attempt_due",
      attempt: attemptAt(world, pick)?.id ?? NO_ATTEMPT,
    })),
  },
  pay_bills: {
    weight: 4,
    arbitrary: planned(
      "pay_bills",
      fc.record({
        picks: fc.array(rarely<number | null>(fc.nat(9), fc.constant(null)), { minLength: 1, maxLength: 3 }),
        part: fc.constantFrom(null, null, 1, 5_000, 40_000),
        method: rarely(
          fc.constantFrom(
            "credit" as const,
            "credit" as const,
            "gateway" as const,
            "top_up_and_pay" as const,
          ),
          fc.constantFrom(...PAY_METHODS),
        ),
        gateway: gateways,
      }),
      ({ picks, part, method, gateway }, world) => ({
        type: "pay_bills",
        bills: picks.map((pick) => billAt(world, pick)),
        amount: part === null ? null : money(part),
        method,
        payment: world.nextId("pay") as PaymentId,
        ...(gateway === null ? {} : { at: { terms: TERMS[gateway], returnUrl: RETURN_URL } }),
      }),
    ),
  },
  record_outside_payment: {
    weight: 1,
    arbitrary: planned(
      "record_outside_payment",
      fc.record({ pick: fc.nat(9), amount: fc.constantFrom(1, 3_000, 90_000), reference: fc.nat(3) }),
      ({ pick, amount, reference }, world) => ({
        type: "record_outside_payment",
        payment: `pay_out_${billAt(world, pick)}_${reference}` as PaymentId,
        bill: billAt(world, pick),
        amount: money(amount),
        reference: `FT${reference}`,
      }),
    ),
  },
  run_bills_due: {
    weight: 1,
    arbitrary: planned("run_bills_due", fc.constant(null), () => ({ type: "run_bills_due" })),
  },
  start_link: {
    weight: 2,
    arbitrary: planned("start_link", gateways, (gateway, world) => ({
      type: "start_link",
      link: world.nextId("link") as LinkedAccountId,
      gateway,
      returnUrl: RETURN_URL,
    })),
  },
  hear_link: {
    weight: 4,
    arbitrary: planned(
      "hear_link",
      fc.record({
        pick: linkPicks,
        kind: fc.constantFrom<LinkHearing["kind"]>(
          ...(["linked", "linked", "linked", "created", "decided", "failed"] as const),
          ...(["pending", "not_found", "unknown"] as const),
        ),
        isOther: rarely(fc.constant(false), fc.constant(true)),
      }),
      ({ pick, kind, isOther }, world) => {
        const link = linkAt(world, pick);
        return {
          type: "hear_link",
          link: link?.id ?? NO_LINK,
          gateway: isOther ? "vnpay" : (link?.gateway ?? "momo"),
          heard: hearingOf(kind, world.nowMs),
        };
      },
    ),
  },
  choose_link: {
    weight: 1,
    arbitrary: planned("choose_link", linkPicks, (pick, world) => ({
      type: "choose_link",
      link: linkAt(world, pick)?.id ?? NO_LINK,
    })),
  },
  unlink: {
    weight: 1,
    arbitrary: planned("unlink", linkPicks, (pick, world) => ({
      type: "unlink",
      link: linkAt(world, pick)?.id ?? NO_LINK,
    })),
  },
  hear_unlink: {
    weight: 1,
    arbitrary: planned(
      "hear_unlink",
      fc.record({ pick: linkPicks, isDone: fc.boolean() }),
      ({ pick, isDone }, world) => ({
        type: "hear_unlink",
        link: linkAt(world, pick)?.id ?? NO_LINK,
        isDone,
      }),
    ),
  },
  reseal_link: {
    weight: 1,
    arbitrary: planned("reseal_link", linkPicks, (pick, world) => {
      const sealed = { keyId: "k", iv: "i", ciphertext: "c" };
      return {
        type: "reseal_link",
        link: linkAt(world, pick)?.id ?? NO_LINK,
        ...{ before: sealed, token: sealed },
      };
    }),
  },
  set_auto_top_up: {
    weight: 2,
    arbitrary: planned(
      "set_auto_top_up",
      fc.record({
        pick: linkPicks,
        isOff: rarely(fc.constant(false), fc.constant(true)),
        amount: rarely(fc.integer({ min: 5_000, max: 400_000 }), fc.constantFrom(1, 2_000_000_000)),
      }),
      ({ pick, isOff, amount }, world) => {
        const link = linkAt(world, pick);
        const settings = {
          ...{ threshold: money(amount), amount: money(amount), monthlyCap: money(2 * amount) },
          ...{ linkedAccount: link?.id ?? NO_LINK, returnUrl: RETURN_URL },
        };
        const terms = link && Object.values(TERMS).find(({ name }) => name === link.gateway);
        return { type: "set_auto_top_up", settings: isOff ? null : settings, terms: terms ?? null };
      },
    ),
  },
  run_auto_top_up: {
    weight: 2,
    arbitrary: planned("run_auto_top_up", fc.constant(null), () => ({ type: "run_auto_top_up" })),
  },
  begin_auto_top_up: {
    weight: 2,
    arbitrary: planned("begin_auto_top_up", gateways, (gateway, world) => ({
      type: "begin_auto_top_up",
      payment: world.nextId("pay") as AttemptId,
      terms: gateway && TERMS[gateway],
    })),
  },
  set_budget: {
    weight: 3,
    arbitrary: planned(
      "set_budget",
      fc.record({
        limit: rarely(fc.integer({ min: 50_000, max: 2_000_000 }), fc.constantFrom(1, 10_000_000_000)),
        isOff: rarely(fc.constant(false), fc.constant(true)),
        alert: fc.constantFrom(null, null, "an@example.com", "r1@example.com", "chi@example.com"),
      }),
      ({ limit, isOff, alert }, world) => ({
        type: "set_budget",
        settings: isOff
          ? null
          : {
              ...{ monthlyLimit: money(limit), alertEmail: alert },
              asking: {
                recipient: world.nextId("rcp") as RecipientId,
                confirmationUrl: "https://billing.example/confirm",
              },
            },
      }),
    ),
  },
  run_budget_due: {
    weight: 1,
    arbitrary: planned("run_budget_due", fc.constant(null), () => ({ type: "run_budget_due", used: [] })),
  },
  run_link_due: {
    weight: 1,
    arbitrary: planned("run_link_due", linkPicks, (pick, world) => ({
      type: "run_link_due",
      link: linkAt(world, pick)?.id ?? NO_LINK,
    })),
  },
  deposit_callback: {
    weight: 2,
    arbitrary: planned("deposit_callback", fc.nat(5), (pick, { callbacks, nowMs }) => ({
      type: "deposit_callback",
      callback: callbacks[pick % Math.max(callbacks.length, 1)] ?? {
        ...{ id: "cb_nobody" as CallbackId, status: "unmatched", gateway: "momo", reference: "nobody" },
        ...{ merchant: "M", amount: money(1_000), currency: "VND", theirId: "1", atMs: nowMs },
      },
    })),
  },
  share_order: {
    weight: 2,
    arbitrary: planned("share_order", orderSpecs, (order, world) => ({
      type: "share_order",
      order: orderAt(world, order, isUnpaid),
      share: world.nextId("shr") as ShareId,
      email: "binh@example.com",
      url: "https://billing.example/share/x",
    })),
  },
  unshare_order: {
    weight: 1,
    arbitrary: planned("unshare_order", orderSpecs, (order, world) => ({
      type: "unshare_order",
      order: orderAt(world, order, isUnpaid),
    })),
  },
  start_refund: {
    weight: 4,
    arbitrary: planned(
      "start_refund",
      fc.record({
        pick: attemptPicks,
        share: rarely(fc.constantFrom(1, 2, 3), fc.constant(0.5)),
        isOffered: rarely(fc.constant(true), fc.constant(false)),
      }),
      ({ pick, share, isOffered }, world) => {
        const captured = world.attempts.filter(({ status }) => status === "succeeded");
        const attempt = attemptAt({ ...world, attempts: captured }, pick) ?? attemptAt(world, pick);
        return {
          type: "start_refund",
          payment: attempt?.id ?? NO_ATTEMPT,
          refund: world.nextId("ref") as RefundId,
          amount: money(Math.ceil((attempt?.amount ?? 1_000) / share)),
          reason: "asked for",
          requestedBy: "admin:ops",
          terms: isOffered ? Object.values(TERMS) : [],
        };
      },
    ),
  },
  hear_refund: {
    weight: 4,
    arbitrary: planned(
      "hear_refund",
      fc.record({
        pick: fc.nat(5),
        kind: fc.constantFrom<RefundStanding["kind"]>(
          ...(["refunded", "refunded", "failed", "pending", "not_found", "unknown"] as const),
        ),
      }),
      ({ pick, kind }, { refunds }) => ({
        type: "hear_refund",
        refund: refunds.at(-1 - pick)?.id ?? NO_REFUND,
        standing:
          kind === "refunded" || kind === "pending"
            ? { kind, theirId: "5" }
            : kind === "failed"
              ? { kind, reason: "not_refundable" }
              : { kind },
      }),
    ),
  },
  run_refund_due: {
    weight: 1,
    arbitrary: planned("run_refund_due", fc.nat(5), (pick, { refunds }) => ({
      type: "run_refund_due",
      refund: refunds.at(-1 - pick)?.id ?? NO_REFUND,
    })),
  },
  cancel_order: {
    weight: 2,
    arbitrary: planned("cancel_order", orderSpecs, (order, world) => ({
      type: "cancel_order",
      order: orderAt(world, order, isUnpaid),
    })),
  },
  answer_provisioning: {
    weight: 12,
    arbitrary: planned(
      "answer_provisioning",
      fc.record({
        order: orderSpecs,
        line: fc.nat(6),
        isOtherLine: rarely(fc.constant(false), fc.constant(true)),
        status: fc.constantFrom("succeeded", "succeeded", "failed"),
      }),
      ({ order, line, isOtherLine, status }, world) => {
        const lines = findOrder(world, order, isWaiting)?.quote.lines ?? [];
        const id = lines[line % Math.max(lines.length, 1)]?.id ?? ("ord_never.1" as LineId);
        return {
          type: "answer_provisioning",
          resource: resourceIdOf(id),
          line: isOtherLine ? ("ord_never.1" as LineId) : id,
          outcome: status === "succeeded" ? { status } : { status: "failed", reason: "no capacity" },
        };
      },
    ),
  },
  run_order_due: {
    weight: 2,
    arbitrary: planned("run_order_due", orderSpecs, (order, world) => ({
      type: "run_order_due",
      order: orderAt(world, order, isWaiting),
    })),
  },
  delete_resource: {
    weight: 4,
    arbitrary: planned("delete_resource", resourcePicks, (pick, world) => ({
      type: "delete_resource",
      resource: resourceIdAt(world, pick, "delete"),
    })),
  },
  set_power: {
    weight: 2,
    arbitrary: planned(
      "set_power",
      fc.record({ pick: resourcePicks, state: fc.constantFrom("active" as const, "stopped" as const) }),
      ({ pick, state }, world) => ({
        type: "set_power",
        resource: resourceIdAt(world, pick, "delete"),
        state,
      }),
    ),
  },
  set_auto_renew: {
    weight: 5,
    arbitrary: planned(
      "set_auto_renew",
      fc.record({ pick: resourcePicks, enabled: rarely(fc.constant(true), fc.constant(false)) }),
      ({ pick, enabled }, world) => ({
        type: "set_auto_renew",
        resource: resourceIdAt(world, pick, "renew"),
        autoRenew: { enabled, months: 1 },
      }),
    ),
  },
  set_tags: {
    weight: 1,
    arbitrary: planned("set_tags", resourcePicks, (pick, world) => ({
      type: "set_tags",
      resource: resourceIdAt(world, pick, "renew"),
      tags: { team: "billing" },
    })),
  },
  run_resource_due: {
    weight: 2,
    arbitrary: planned("run_resource_due", resourcePicks, (pick, world) => {
      const found = resourceAt(world, pick, ({ pending }) => pending === null);
      // What is metered becomes due only together with what its meters say: that is what time is for.
      const resource = found && !needsMeters(found) ? found : null;
      return {
        type: "run_resource_due",
        resource: resource?.id ?? ("res_never" as ResourceId),
        product: productOf(resource?.product ?? VSERVER),
      };
    }),
  },
};

export interface Purchase {
  readonly item: ItemSpec;
  /** Number of the coupon, or none. */
  readonly coupon: number | null;
  readonly grant: number;
  /** On trial money. */
  readonly isTrial: boolean;
}

/** What a customer does who buys something: each command is made when the one before it has been answered. */
export function commandsOf({ item, coupon, grant, isTrial }: Purchase, world: World): readonly Command[] {
  const order = world.nextId("ord") as OrderId;
  const product = productOf(item.template === "quota" ? VMONITOR : VSERVER);
  const isHeldFor = item.template === "metered" && world.account.billingMode === "prepaid";
  const rules = coupon === null || isTrial || isHeldFor ? null : (world.coupons[coupon] ?? null);
  const credit = { amount: money(grant), reason: "to buy with", reference: world.nextId("grant") };
  return [
    ...(grant === 0 || isTrial ? [] : [{ type: "grant_credit", ...credit } as const]),
    ...(isTrial
      ? [
          {
            type: "set_poc_wallet",
            amount: money(4_000_000),
            expiresAtMs: world.nowMs + TRIAL_DAYS * DAY_MS,
            reference: world.nextId("poc"),
          } as const,
        ]
      : []),
    {
      type: "place_order",
      order,
      product,
      action: "create",
      items: [itemOf(item, world)],
      returnUrl: "http://localhost:3000/done",
      cancelUrl: null,
      localReturnAllowed: true,
    },
    ...(rules === null
      ? []
      : [{ type: "change_order", order, product, everyItem: {}, changes: [], coupon: rules } as const]),
    {
      type: "pay_order",
      order,
      method: isTrial ? "poc" : isHeldFor ? "hold" : "credit",
      payment: world.nextId("pay") as PaymentId,
      reservedCoupon: null,
      product,
    },
  ];
}

const TRIAL_DAYS = 20;

const plans = fc.oneof(...Object.values(GENERATORS));

const callers: fc.Arbitrary<Caller> = rarely(
  fc.constantFrom<Caller>({ role: "user" }, { role: "admin" }),
  fc.constantFrom<Caller>({ role: "product", product: VSERVER }, { role: "product", product: VMONITOR }),
);

/** An event to be: of one of the resources that are used, so many hours ago. */
export interface Reported {
  readonly resource: number;
  readonly sku: string;
  readonly quantity: string;
  readonly hoursAgo: number;
  readonly id: number;
}

const reported: fc.Arbitrary<Reported> = fc.record({
  resource: fc.nat(5),
  sku: rarely(fc.constantFrom("cache-gb", "traffic-gb", "data-gb"), fc.constantFrom("node", "nosuch")),
  quantity: fc.integer({ min: 0, max: 90_000 }).map((n) => `${Math.floor(n / 100)}.${n % 100}`),
  hoursAgo: rarely(fc.oneof(fc.nat(48), fc.nat(34 * 24)), fc.constantFrom(-1, 36 * 24)),
  id: fc.nat(300),
});

/** One thing that happens; `account` is the number of the account it happens to. */
export type Step =
  | {
      readonly kind: "command";
      readonly account: number;
      readonly plan: Plan;
      readonly caller: Caller;
      readonly isKeyed: boolean;
    }
  /** An earlier keyed request comes again: `age` steps back, as it was or as another request under its key. */
  | { readonly kind: "again"; readonly account: number; readonly age: number; readonly isOther: boolean }
  /** Several at once: each on its own, or all under one key. */
  | {
      readonly kind: "together";
      readonly account: number;
      readonly plans: readonly Plan[];
      readonly isOneKey: boolean;
    }
  /** Bought and, mostly, delivered. */
  | {
      readonly kind: "purchase";
      readonly account: number;
      readonly purchase: Purchase;
      readonly isDelivered: boolean;
    }
  /** Something is ordered for resources there are, paid and, mostly, delivered. */
  | {
      readonly kind: "change";
      readonly account: number;
      readonly plan: Plan;
      readonly grant: number;
      readonly isDelivered: boolean;
    }
  /** Several purchases are paid at once from a balance that covers some of them, while one of the orders changes. */
  | {
      readonly kind: "rush";
      readonly account: number;
      readonly purchases: readonly Purchase[];
      readonly covered: number;
      readonly meanwhile: "cancel" | "change" | "nothing";
    }
  | { readonly kind: "twice"; readonly account: number; readonly plan: Plan }
  /** A console reports what its resources used, some of it late, some of it again. */
  | { readonly kind: "usage"; readonly account: number; readonly events: readonly Reported[] }
  /** The clock is moved; with what falls due on the way, or without. */
  | { readonly kind: "time"; readonly byMinutes: number; readonly runsDue: boolean }
  | { readonly kind: "run_due"; readonly account: number }
  /** Every object loses its memory and what it was in the middle of. */
  | { readonly kind: "crash" };

export const ACCOUNTS = 2;
export const COUPONS = 4;
const accounts = rarely(fc.constant(0), fc.nat(ACCOUNTS - 1));
const MINUTES_A_DAY = 1_440;

const purchases: fc.Arbitrary<Purchase> = fc.record({
  item: fc.record({
    template: fc.constantFrom<Template>(...SERVERS, "quota", "metered", "metered"),
    quantity: fc.integer({ min: 1, max: 3 }),
    period: fc.constant({ moreMonths: 0 }),
    autoRenew: fc.constant(null),
  }),
  coupon: fc.option(fc.nat(COUPONS - 1), { freq: 5 }),
  grant: fc.constantFrom(0, 150_000, 500_000),
  isTrial: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.constant(true)),
});

const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 60,
    arbitrary: fc.record({
      kind: fc.constant("command" as const),
      account: accounts,
      plan: plans,
      caller: callers,
      isKeyed: fc.boolean(),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("again" as const),
      account: accounts,
      age: fc.nat(8),
      isOther: rarely(fc.constant(false), fc.constant(true)),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("together" as const),
      account: accounts,
      plans: fc.array(fc.oneof(GENERATORS.pay_order, { weight: 8, arbitrary: plans }), {
        minLength: 2,
        maxLength: 5,
      }),
      isOneKey: rarely(fc.constant(false), fc.constant(true)),
    }),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant("purchase" as const),
      account: accounts,
      purchase: purchases,
      isDelivered: rarely(fc.constant(true), fc.constant(false)),
    }),
  },
  {
    weight: 16,
    arbitrary: fc.record({
      kind: fc.constant("change" as const),
      account: accounts,
      plan: planned("place_order", existingSpecs, orderOfExisting),
      grant: fc.constantFrom(0, 200_000, 2_000_000),
      isDelivered: rarely(fc.constant(true), fc.constant(false)),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("rush" as const),
      account: accounts,
      purchases: fc.array(purchases, { minLength: 2, maxLength: 4 }),
      covered: fc.nat(3),
      meanwhile: fc.constantFrom("cancel", "change", "nothing"),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("twice" as const), account: accounts, plan: plans }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("usage" as const),
      account: accounts,
      events: fc.array(reported, { minLength: 1, maxLength: 6 }),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("time" as const),
      byMinutes: fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom(1, 29, 31, 60, 61) },
        { weight: 3, arbitrary: fc.constantFrom(23 * 60, MINUTES_A_DAY) },
        { weight: 3, arbitrary: fc.constantFrom(8, 17, 33, 100).map((days) => days * MINUTES_A_DAY) },
        { weight: 1, arbitrary: fc.constantFrom(-1, -45, -MINUTES_A_DAY, -40 * MINUTES_A_DAY) },
      ),
      runsDue: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("run_due" as const), account: accounts }) },
  { weight: 1, arbitrary: fc.constant({ kind: "crash" as const }) },
);

/** Steps of one sequence at most; half of it on average. */
const MAX_STEPS = 120;
export const AVERAGE_STEPS = MAX_STEPS / 2;

export const sequences = fc.array(steps, { maxLength: MAX_STEPS, size: "max" });
