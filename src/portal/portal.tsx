import type { Context } from "hono";
import type { App } from "../http/context.ts";
import { routes } from "../http/openapi.ts";
import { chooseLanguage } from "./language.ts";
import { billing } from "./rooms/billing.tsx";
import { credits } from "./rooms/credits.tsx";
import { dashboard } from "./rooms/dashboard.tsx";
import { invoice, invoicePdfFile } from "./rooms/invoice.tsx";
import { payments } from "./rooms/payments.tsx";
import { ROOMS, type RoomName } from "./rooms.ts";
import { beforePages } from "./security.ts";
import { enter, leave, visiting } from "./session.tsx";
import { failedPage, nothingHere } from "./ui/closed.tsx";

/** What stands in each room of the map. */
const PAGES: Readonly<Record<RoomName, (c: Context<App>) => Response | Promise<Response>>> = {
  dashboard,
  billing,
  invoicePdf: invoicePdfFile,
  invoice,
  payments,
  credits,
};

/** The portal: its way in and out, and its rooms. */
export const portal = routes();
portal.use("/portal/*", ...beforePages, chooseLanguage);
portal.onError(failedPage);
portal.get("/portal/enter", enter);
portal.post("/portal/sign-out", visiting("any"), leave);
for (const [name, page] of Object.entries(PAGES)) {
  const { path, action } = ROOMS[name as RoomName];
  portal.get(path, visiting(action), page);
}
portal.get("/portal/*", visiting("any"), nothingHere);
