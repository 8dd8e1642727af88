import { inject } from "vitest";
import type { Running } from "./start.ts";

const running = inject("running");
if ("problem" in running) throw new Error(running.problem);

/** The worker and the browser of this run. */
export const { origin, authSecret, browser }: Running = running;
