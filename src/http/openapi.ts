import { OpenAPIHono } from "@hono/zod-openapi";
import type { ZodType } from "zod";
import type { App } from "./context.ts";
import { type FieldError, problem, problemSchema } from "./problems.ts";

/** A group of routes whose invalid input is answered as a problem that names each field. */
export const routes = () =>
  new OpenAPIHono<App>({
    defaultHook: (result, c) => {
      if (result.success) return;
      const where = result.target === "json" ? [] : [result.target];
      const errors = result.error.issues.flatMap((issue) => fieldErrors(where, issue));
      return problem(c, { code: "invalid_request", detail: "The request isn't valid.", errors });
    },
  });

const MAX_FIELD_ERRORS = 20;

interface Issue {
  readonly code: string;
  readonly message: string;
  readonly path: readonly PropertyKey[];
  readonly keys?: readonly string[];
  readonly errors?: readonly (readonly Issue[])[];
}

/** One entry a field, spelled as the request spells it: `lines[0].period.months`. */
function fieldErrors(where: readonly PropertyKey[], issue: Issue): FieldError[] {
  const closest = closestAlternative(issue);
  if (closest) return closest.flatMap((inner) => fieldErrors([...where, ...issue.path], inner));
  const code = issue.code === "unrecognized_keys" ? "unknown_field" : issue.code;
  const paths = issue.keys?.map((key) => [...issue.path, key]) ?? [issue.path];
  return paths
    .slice(0, MAX_FIELD_ERRORS)
    .map((path) => ({ path: spell([...where, ...path]), code, message: issue.message }));
}

/** Where one of several forms was expected: what is wrong with the one that the value comes closest to, if it is one. */
function closestAlternative({ code, errors }: Issue): readonly Issue[] | undefined {
  if (code !== "invalid_union" || !errors) return undefined;
  const [closest, next] = [...errors].sort((a, b) => a.length - b.length);
  return closest?.length === next?.length ? undefined : closest;
}

const spell = (path: readonly PropertyKey[]): string =>
  path
    .map((part, index) =>
      typeof part === "number" ? `[${part}]` : index === 0 ? String(part) : `.${String(part)}`,
    )
    .join("");

export const json = <T extends ZodType>(schema: T, description: string) => ({
  description,
  content: { "application/json": { schema } },
});

/** A file that is shown, or kept. */
export const file = (type: string, description: string) => ({
  description,
  content: { [type]: { schema: { type: "string", format: "binary" } as const } },
});

/** A request's body, always there and always JSON. */
export const body = <T extends ZodType>(schema: T) => ({
  required: true,
  content: { "application/json": { schema } },
});

/** What any call may answer instead. */
export const problems = {
  default: {
    description: "What went wrong; `code` is stable.",
    content: { "application/problem+json": { schema: problemSchema } },
  },
} as const;

export const security = [{ bearer: [] }];
