import { sandboxClock } from "./clock.ts";
import { consoleSetup, consoles } from "./consoles/index.ts";
import { momoSimulator } from "./gateways/momo.ts";
import { gatewaySwitches } from "./gateways/routes.ts";
import { stripeSimulator } from "./gateways/stripe.ts";
import { vnpaySimulator } from "./gateways/vnpay.ts";
import { zalopaySimulator } from "./gateways/zalopay.ts";
import { zalopayLinks } from "./gateways/zalopay-links.ts";
import { mailbox } from "./mailbox.ts";

export { mailboxSender } from "./mailbox.ts";

/** What only a local or demo installation answers. */
export const sandboxRoutes = [
  sandboxClock,
  mailbox,
  consoleSetup,
  consoles,
  gatewaySwitches,
  momoSimulator,
  zalopaySimulator,
  zalopayLinks,
  vnpaySimulator,
  stripeSimulator,
];
