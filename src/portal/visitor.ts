import type { Context } from "hono";
import type { Action } from "../http/actions.ts";
import type { App } from "../http/context.ts";
import { languageOf } from "./language.ts";
import { isOpenTo, ROOMS, type RoomName } from "./rooms.ts";
import type { Reader } from "./ui/parts.tsx";

/** How the portal's visitor reads amounts and times: in their language, on their account's clock. */
export const readerOf = (c: Context<App>): Reader => {
  const { timeZone, currency } = c.var.account;
  return { locale: languageOf(c), timeZone, currency };
};

export const may = (c: Context<App>, action: Action): boolean => {
  const { principal } = c.var;
  return principal.role === "user" && principal.actions.includes(action);
};

export const mayEnter = ({ var: { principal } }: Context<App>, room: RoomName): boolean =>
  principal.role === "user" && isOpenTo(ROOMS[room], principal.actions);
