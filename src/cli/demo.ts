import { parseArgs } from "node:util";
import { hold } from "./demo/hold.ts";
import { poc } from "./demo/poc.ts";
import { postpaid } from "./demo/postpaid.ts";
import { Report } from "./demo/report.ts";
import { tour } from "./demo/tour.ts";
import { year } from "./demo/year.ts";
import { ensureDevVars } from "./dev-vars.ts";
import { startOwnWorker } from "./own-worker.ts";

const DEFAULT_PORT = "8787";
const PROBE_TIMEOUT_MS = 5_000;

/** What `--story` may name; the tour where it names nothing. */
const STORIES = { tour, year, poc, postpaid, hold } as const;

const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stopping.abort());
process.exit(await main(stopping.signal));

/** The exit code: 0 only where every amount was as expected. */
async function main(signal: AbortSignal): Promise<number> {
  const report = new Report();
  try {
    const story = wantedStory();
    const { authSecret } = ensureDevVars();
    const running = `http://localhost:${process.env.PORT || DEFAULT_PORT}`;
    if (await answers(running)) {
      report.title(`edge-billing demo, on the worker at ${running}`);
      await unlessAborted(story(running, authSecret, report), signal);
    } else {
      console.log("Starting a worker …");
      await using worker = await startOwnWorker(authSecret, { signal });
      report.title(`edge-billing demo, on a worker of its own at ${worker.baseUrl}`);
      await unlessAborted(story(worker.baseUrl, authSecret, report), signal);
    }
  } catch (error) {
    console.error(`\n${signal.aborted ? "Stopped." : error instanceof Error ? error.message : error}`);
    return 1;
  }
  report.close();
  return report.isReconciled ? 0 : 1;
}

function wantedStory(): (typeof STORIES)[keyof typeof STORIES] {
  const { values } = parseArgs({ options: { story: { type: "string", default: "tour" } } });
  if (Object.hasOwn(STORIES, values.story)) return STORIES[values.story as keyof typeof STORIES];
  throw new Error(`There is no story ${values.story}; there are ${Object.keys(STORIES).join(", ")}.`);
}

/** Whether this API, and not something else, listens there. */
async function answers(baseUrl: string): Promise<boolean> {
  try {
    const answer = await fetch(`${baseUrl}/healthz`, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    const health = (await answer.json()) as { status?: unknown };
    return answer.ok && health.status === "ok";
  } catch {
    return false;
  }
}

/** Waits for `work`, or throws as soon as somebody wants us to stop. */
function unlessAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = new Promise<never>((_, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
  return Promise.race([work, aborted]);
}
