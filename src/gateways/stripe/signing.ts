import Stripe from "stripe";

/** How far a message's own time may be from ours, on either side. */
const TOLERANCE_SECONDS = 300;
const TIME = /^\d{1,12}$/;

const provider = Stripe.createSubtleCryptoProvider();

/**
 * Whether Stripe signed a message, now: an older one may be somebody's copy. Its signatures are real, so its time is
 * compared with real time, whatever a sandbox's clock says. While a webhook's secret is rolled there are two of them,
 * at Stripe or here, and either will do.
 */
export async function isSigned(raw: string, header: string, secrets: readonly string[]): Promise<boolean> {
  if (!isTimely(header)) return false;
  for (const secret of secrets) if (await isSignedBy(secret, raw, header)) return true;
  return false;
}

async function isSignedBy(secret: string, raw: string, header: string): Promise<boolean> {
  try {
    const { signature } = Stripe.webhooks;
    return (await signature?.verifyHeaderAsync(raw, header, secret, TOLERANCE_SECONDS, provider)) === true;
  } catch {
    return false;
  }
}

/** The package takes a message from the future, and the last of several times. */
function isTimely(header: string): boolean {
  const times = header.split(",").filter((part) => part.startsWith("t="));
  const time = times[0]?.slice("t=".length) ?? "";
  if (times.length !== 1 || !TIME.test(time)) return false;
  return Math.abs(Math.floor(Date.now() / 1_000) - Number(time)) <= TOLERANCE_SECONDS;
}
