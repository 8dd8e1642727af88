import { GATEWAYS, type GatewayName } from "../domain/gateway.ts";
import { momo } from "./momo/gateway.ts";
import type { Gateway, GatewayDeps } from "./port.ts";
import { reach } from "./reach.ts";
import { stripe } from "./stripe/gateway.ts";
import { vnpay } from "./vnpay/gateway.ts";
import { zalopay } from "./zalopay/gateway.ts";

/** What this installation has keys for, in the order in which it is offered. */
export function gatewaysOf(env: Env, deps: GatewayDeps): ReadonlyMap<GatewayName, Gateway> {
  const known: Record<GatewayName, Gateway | null> = {
    momo: momoOf(env, deps),
    zalopay: zalopayOf(env, deps),
    vnpay: vnpayOf(env, deps),
    stripe: stripeOf(env, deps),
  };
  return new Map(GATEWAYS.flatMap((name) => (known[name] ? [[name, linkable(env, known[name])]] : [])));
}

/** Accounts can be linked only where their tokens can be sealed. */
const linkable = ({ TOKEN_ENCRYPTION_KEY: keys }: Env, gateway: Gateway): Gateway =>
  keys ? gateway : { ...gateway, linking: null };

/** The world as it is, with business time as the caller has it: a sandbox's may stand still. */
export const liveDeps = (env: Env, nowMs: () => number): GatewayDeps => ({
  fetch: reach(env),
  nowMs,
  randomId: () => crypto.randomUUID(),
});

function momoOf(env: Env, deps: GatewayDeps): Gateway | null {
  const {
    MOMO_BASE_URL: baseUrl,
    MOMO_PARTNER_CODE: partnerCode,
    MOMO_ACCESS_KEY: accessKey,
    MOMO_SECRET_KEY: secretKey,
    MOMO_PUBLIC_KEY: publicKey,
  } = env;
  if (!baseUrl || !partnerCode || !accessKey || !secretKey) return null;
  return momo({ baseUrl, partnerCode, accessKey, secretKey, publicKey }, deps);
}

function zalopayOf(env: Env, deps: GatewayDeps): Gateway | null {
  const { ZALOPAY_BASE_URL: baseUrl, ZALOPAY_APP_ID: appId, ZALOPAY_KEY1: key1, ZALOPAY_KEY2: key2 } = env;
  if (!baseUrl || !appId || !key1 || !key2) return null;
  return zalopay({ baseUrl, appId, key1, key2 }, deps);
}

function vnpayOf(env: Env, deps: GatewayDeps): Gateway | null {
  const { VNPAY_BASE_URL: baseUrl, VNPAY_TMN_CODE: tmnCode, VNPAY_HASH_SECRET: hashSecret } = env;
  if (!baseUrl || !tmnCode || !hashSecret) return null;
  return vnpay({ baseUrl, tmnCode, hashSecret }, deps);
}

function stripeOf(env: Env, deps: GatewayDeps): Gateway | null {
  const {
    STRIPE_BASE_URL: baseUrl,
    STRIPE_SECRET_KEY: secretKey,
    STRIPE_WEBHOOK_SECRET: webhookSecret,
  } = env;
  if (!baseUrl || !secretKey || !webhookSecret) return null;
  return stripe({ baseUrl, secretKey, webhookSecret }, deps);
}
