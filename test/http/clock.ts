import { admin, bodyOf } from "../support/api.ts";

export interface ClockView {
  readonly now: string;
  readonly simulated: boolean;
}

export interface AdvanceView extends ClockView {
  readonly ran: readonly {
    readonly account: string;
    readonly kind: string;
    readonly key: string;
    readonly dueAt: string;
    readonly ran: string;
  }[];
}

const CLOCK = "/v1/sandbox/clock";

export const setClock = async (now: string): Promise<ClockView> =>
  bodyOf(await admin.put<ClockView>(CLOCK, { now }), 200);

export const advanceClock = async (to: string): Promise<AdvanceView> =>
  bodyOf(await admin.post<AdvanceView>(`${CLOCK}/advance`, { to }), 200);

export const resetClock = async (): Promise<ClockView> => bodyOf(await admin.delete<ClockView>(CLOCK), 200);

/** An instant so many milliseconds after another. */
export const later = (instant: string, ms: number): string =>
  new Date(Date.parse(instant) + ms).toISOString();
