import { randomBytes } from "node:crypto";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { root } from "./paths.ts";

const SECRET_BYTES = 32;
/** As text it is the 32 characters that MoMo's keys have: they are AES keys, too. */
const MOMO_SECRET_BYTES = 24;
const devVarsFile = join(root, ".dev.vars");

const newSecret = (bytes = SECRET_BYTES): string => randomBytes(bytes).toString("base64url");

export interface DevVars {
  readonly authSecret: string;
  /** The gateways that the file has no address for: they are simulated. */
  readonly simulatedGateways: readonly string[];
}

/** What a simulated gateway is agreed on with; the worker plays both sides. */
const gatewayKeys = {
  MOMO: {
    MOMO_PARTNER_CODE: "MOMOLOCAL",
    MOMO_ACCESS_KEY: newSecret(),
    MOMO_SECRET_KEY: newSecret(MOMO_SECRET_BYTES),
  },
  ZALOPAY: { ZALOPAY_APP_ID: "2553", ZALOPAY_KEY1: newSecret(), ZALOPAY_KEY2: newSecret() },
  VNPAY: { VNPAY_TMN_CODE: "VNPLOCAL", VNPAY_HASH_SECRET: newSecret() },
  STRIPE: { STRIPE_SECRET_KEY: `sk_test_${newSecret()}`, STRIPE_WEBHOOK_SECRET: `whsec_${newSecret()}` },
};

/** Adds what a local installation needs and the file lacks; what somebody wrote there stays. */
export function ensureDevVars(): DevVars {
  if (!existsSync(devVarsFile)) writeFileSync(devVarsFile, "", { mode: 0o600 });
  const text = readFileSync(devVarsFile, "utf8");
  const present = parseEnv(text);
  const simulated = Object.entries(gatewayKeys).filter(([name]) => present[`${name}_BASE_URL`] === undefined);
  const wanted = {
    AUTH_SECRET: newSecret(),
    LINK_SECRET: newSecret(),
    TOKEN_ENCRYPTION_KEY: newSecret(),
    SANDBOX: "true",
    ...Object.assign({}, ...simulated.map(([, keys]) => keys)),
  };
  const missing = Object.entries(wanted).filter(([key]) => present[key] === undefined);
  if (missing.length > 0) {
    const lines = missing.map(([key, value]) => `${key}=${value}\n`).join("");
    appendFileSync(devVarsFile, text === "" || text.endsWith("\n") ? lines : `\n${lines}`);
  }
  return {
    authSecret: present.AUTH_SECRET ?? wanted.AUTH_SECRET,
    simulatedGateways: simulated.map(([name]) => name),
  };
}

/** The simulators stand at our own address, which depends on the port: told anew each time, never written down. */
export const addressesOf =
  (simulatedGateways: readonly string[]) =>
  (port: number): Record<string, string> =>
    Object.fromEntries(simulatedGateways.map((name) => [`${name}_BASE_URL`, `http://localhost:${port}`]));
