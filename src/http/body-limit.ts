import { bodyLimit } from "hono/body-limit";
import { problem } from "./problems.ts";

export const MAX_BODY_BYTES = 256 * 1_024;

export const limitBody = bodyLimit({
  maxSize: MAX_BODY_BYTES,
  onError: (c) => problem(c, { code: "body_too_large" }),
});
