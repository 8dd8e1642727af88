import { bodyLimit } from "hono/body-limit";
import { problem } from "./problems.ts";

export const MAX_BODY_BYTES = 256 * 1_024;

/** Refuses bodies that are longer than so many bytes. */
export const limitBodyTo = (maxSize: number) =>
  bodyLimit({
    maxSize,
    onError: (c) =>
      problem(c, { code: "body_too_large", detail: `This request's body may have ${maxSize / 1_024} KB.` }),
  });

export const limitBody = limitBodyTo(MAX_BODY_BYTES);
