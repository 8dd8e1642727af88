import { exports } from "cloudflare:workers";
import { type Draft, filledIn, Raw, spoiled } from "./arbitraries.ts";
import type { Document, Operation, Schemas } from "./schema.ts";

export const ORIGIN = "http://edge-billing.test";
const LONGEST_TOLD = 2_000;

/** One operation of the API, and what there is to say of its requests and answers. */
export interface Call {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

export interface Caller {
  readonly name: string;
  readonly token: string;
}

/** A request as it is sent. */
export interface Sent {
  readonly call: Call;
  readonly url: string;
  readonly init: RequestInit & { readonly body?: string };
  readonly caller: string;
  /** Why it isn't what the document describes; none where it is, or where that is for the API to judge. */
  readonly flaws: readonly string[];
}

/** An answer that is one of those the document describes. */
export interface Told {
  readonly status: number;
  /** A problem's code. */
  readonly code: string | undefined;
}

export const callsOf = ({ paths }: Document): Call[] =>
  Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
      operation,
    })),
  );

/** Makes a request of a draft, with what its references stand for. */
export function written(
  schemas: Schemas,
  of: { call: Call; draft: Draft; caller: Caller; lookUp: (name: string) => unknown },
): Sent {
  const { call, draft, caller } = of;
  const spell = (value: unknown): string => {
    const filled = filledIn(value, of.lookUp);
    return filled instanceof Raw ? filled.text : encodeURIComponent(String(filled));
  };
  const pieces = Object.fromEntries(Object.entries(draft.path).map(([name, value]) => [name, spell(value)]));
  const path = call.path.replaceAll(/\{(\w+)\}/g, (_, name) => pieces[name] ?? "none");
  const query = draft.query.map(([name, value]) => [name, spell(value)] as const);
  const search = query.map(([name, text]) => `${name}=${text}`).join("&");
  const body =
    draft.body && spoiled(JSON.stringify(filledIn(draft.body.value, of.lookUp)) ?? "", draft.body.spoil);
  return {
    call,
    url: `${ORIGIN}${path}${search && `?${search}`}`,
    init: {
      method: call.method,
      headers: {
        Authorization: `Bearer ${caller.token}`,
        ...(draft.contentType ? { "Content-Type": draft.contentType } : {}),
        ...(draft.key === null ? {} : { "Idempotency-Key": draft.key }),
      },
      ...(body === null ? {} : { body }),
    },
    caller: caller.name,
    flaws: [
      ...flawsOfBody(schemas, call.operation, body, draft.contentType),
      ...flawsOfAddress(schemas, call.operation, pieces, query),
    ],
  };
}

function flawsOfBody(
  schemas: Schemas,
  { requestBody }: Operation,
  body: string | null,
  type: string | null,
): string[] {
  const schema = requestBody?.content["application/json"]?.schema;
  if (!schema) return [];
  if (body === null || type !== "application/json") return ["not JSON"];
  try {
    // A byte order mark is taken off by whoever decodes the text.
    return schemas.flaws(schema, JSON.parse(body.replace(/^\ufeff/, "")));
  } catch {
    return ["malformed JSON"];
  }
}

function flawsOfAddress(
  schemas: Schemas,
  { parameters = [] }: Operation,
  path: Readonly<Record<string, string>>,
  query: readonly (readonly [name: string, text: string])[],
): string[] {
  return parameters.flatMap(({ name, in: where, schema }) => {
    if (where === "header") return [];
    const given =
      where === "path"
        ? [path[name] ?? ""]
        : query.flatMap(([other, text]) => (other === name ? [text] : []));
    // What is given twice is for the API to choose from.
    if (given.length !== 1) return [];
    return readable(given[0]).flatMap((text) =>
      schemas.flaws(schema, schema.type === "integer" ? Number(text) : text),
    );
  });
}

/** What a piece of an address says, if that is certain. */
function readable(piece = ""): string[] {
  try {
    return [decodeURIComponent(piece)];
  } catch {
    return [];
  }
}

/** A request in words, without its token. */
export function described({ init, url, caller, flaws }: Sent): string {
  const headers = Object.entries(init.headers ?? {}).filter(([name]) => name !== "Authorization");
  const body = init.body === undefined ? "no body" : init.body.slice(0, LONGEST_TOLD);
  return `${init.method} ${url}\nby ${caller} with ${JSON.stringify(headers)}\n${body}\n${flaws.join("; ")}`;
}

/** Sends a request. Throws with both where its answer isn't one that the document describes. */
export async function ask(schemas: Schemas, request: Sent): Promise<Told> {
  const response = await exports.default.fetch(request.url, request.init);
  const text = await response.text();
  const flaws = flawsOfAnswer(schemas, request.call.operation, response, text);
  if (flaws.length > 0) {
    const answer = `answered ${response.status} ${text.slice(0, LONGEST_TOLD)}`;
    throw new Error([described(request), answer, ...flaws].join("\n"));
  }
  const code = response.status < 400 ? undefined : (JSON.parse(text) as { code: string }).code;
  return { status: response.status, code };
}

function flawsOfAnswer(
  schemas: Schemas,
  { responses }: Operation,
  { status, headers }: Response,
  text: string,
): string[] {
  if (status >= 500) return ["it has failed"];
  const isProblem = status >= 400;
  const content = (responses[status] ?? (isProblem ? responses.default : undefined))?.content ?? {};
  const type = isProblem ? "application/problem+json" : (Object.keys(content)[0] ?? "application/json");
  const schema = content[type]?.schema;
  if (!schema) return [`${status} with ${type} isn't among its answers`];
  const [said] = (headers.get("Content-Type") ?? "").split(";");
  if (said !== type) return [`it says that it is ${headers.get("Content-Type")}`];
  if (!type.endsWith("json")) return [];
  const body: unknown = JSON.parse(text);
  const isOther = isProblem && (body as { status: unknown }).status !== status;
  return [...schemas.flaws(schema, body), ...(isOther ? ["its problem has another status"] : [])];
}
