import { sandboxClock } from "./clock.ts";
import { mailbox } from "./mailbox.ts";

export { mailboxSender } from "./mailbox.ts";

/** The routes that only a local or demo installation answers. */
export const sandboxRoutes = [sandboxClock, mailbox];
