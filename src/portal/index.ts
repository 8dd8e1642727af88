import { checkout } from "./checkout/routes.tsx";
import { confirmation } from "./confirmation.tsx";
import { portal } from "./portal.tsx";
import { share } from "./share/routes.tsx";

/** The pages that customers see. */
export const pages = [checkout, confirmation, portal, share];
