import { expect } from "vitest";
import type { Answer, Problem } from "../support/api.ts";

/** What a refusal must say. `path` is the field's, as the request spells it. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly path?: string | undefined;
}

/** The answer is this refusal, as problem details that are complete. */
export function expectProblem({ status, headers, body }: Answer<unknown>, refusal: Refusal): void {
  const problem = body as Problem;
  expect([status, problem.code]).toEqual([refusal.status, refusal.code]);
  if (refusal.path !== undefined) {
    // One field may break several rules at once.
    const paths = new Set(problem.errors?.map(({ path }) => path));
    expect([...paths]).toEqual([refusal.path]);
  }
  expect(headers.get("Content-Type")).toBe("application/problem+json");
  expect(problem).toMatchObject({
    type: `urn:edge-billing:problem:${refusal.code}`,
    title: expect.stringMatching(/^[A-Z]/),
    status: refusal.status,
    instance: expect.stringMatching(/^\//),
    requestId: headers.get("X-Request-Id"),
  });
}
