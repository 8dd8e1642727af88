import { exports } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { createApp } from "../../src/http/app.ts";
import { sandboxClock } from "../../src/sandbox/clock.ts";
import { send } from "./send.ts";

interface Operation {
  readonly summary?: string;
  readonly operationId?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly Record<string, unknown>[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
  }[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: object }> };
  readonly responses: Record<string, { readonly description: string; readonly content?: object }>;
}

interface Document {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: Record<string, Record<string, object>>;
}

let document: Document;

beforeAll(async () => {
  const { status, body } = await send<Document>("/openapi.json");
  expect(status).toBe(200);
  document = body;
});

const operations = () =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ name: `${method} ${path}`, path, operation })),
  );

/** Every `$ref` anywhere in a value. */
function refsIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === "$ref" ? [String(inner)] : refsIn(inner)));
}

describe("/openapi.json", () => {
  it("is an OpenAPI 3.1 document", () => {
    expect(document.openapi).toMatch(/^3\.1\./);
    expect(document.info).toMatchObject({ title: "edge-billing", version: expect.any(String) });
    for (const method of operations().map(({ name }) => name.split(" ")[0])) {
      expect(["get", "put", "post", "delete", "patch"]).toContain(method);
    }
  });

  it("lists every call of the app under /v1, what a link leads to, and nothing else", () => {
    const app = createApp([], sandboxClock);
    const own = app.routes
      .filter(({ method, path }) => method !== "ALL" && path.startsWith("/v1/"))
      .map(({ method, path }) => `${method.toLowerCase()} ${path.replaceAll(/:(\w+)(\{[^}]*\})?/g, "{$1}")}`);
    const listed = operations().map(({ name }) => name);
    expect(listed).toEqual(expect.arrayContaining([...new Set(own)]));
    const others = listed.filter((name) => !name.includes(" /v1/"));
    expect(others).toEqual(["get /share/{code}", "post /share/{code}/pay"]);
  });

  it("says of every call what it does, and what it may answer", () => {
    for (const { name, operation } of operations()) {
      expect(operation.operationId ?? operation.summary, name).toMatch(/\w/);
      expect(operation.tags, name).toHaveLength(1);
      expect(
        Object.keys(operation.responses).some((status) => /^2\d\d$/.test(status)),
        name,
      ).toBe(true);
      expect(operation.responses.default?.content, name).toHaveProperty(["application/problem+json"]);
      for (const response of Object.values(operation.responses))
        expect(response.description, name).not.toBe("");
    }
    const summaries = operations().map(({ operation }) => operation.summary);
    expect(new Set(summaries).size).toBe(summaries.length);
  });

  it("describes every parameter of every path", () => {
    for (const { name, path, operation } of operations()) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
      const described = (operation.parameters ?? []).filter((parameter) => parameter.in === "path");
      expect(described.map((parameter) => parameter.name).sort(), name).toEqual(inPath.sort());
      expect(
        described.every(({ required }) => required === true),
        name,
      ).toBe(true);
    }
  });

  it("refers only to what it has", () => {
    const refs = [...new Set(refsIn(document))];
    expect(refs.length).toBeGreaterThan(5);
    for (const ref of refs) {
      const path = ref.replace(/^#\//, "").split("/");
      expect(ref).toMatch(/^#\/components\//);
      expect(document, ref).toHaveProperty(path);
    }
  });

  it("asks for a token by a scheme that it describes", () => {
    const schemes = document.components.securitySchemes;
    expect(schemes?.bearer).toEqual({ type: "http", scheme: "bearer", bearerFormat: "JWT" });
    for (const { name, operation } of operations()) {
      for (const scheme of (operation.security ?? []).flatMap(Object.keys)) {
        expect(schemes, name).toHaveProperty([scheme]);
      }
    }
  });

  it("gives every body as JSON with a schema", () => {
    const bodies = operations().filter(({ operation }) => operation.requestBody !== undefined);
    expect(bodies.length).toBeGreaterThan(5);
    for (const { name, operation } of bodies) {
      expect(operation.requestBody?.content["application/json"]?.schema, name).toBeTypeOf("object");
    }
  });

  it("tells callers of the idempotency key where it must be sent", () => {
    const needKey = operations().filter(({ path }) => /^\/v1\/.*\/(pay|credits|refunds)$/.test(path));
    expect(needKey.length).toBeGreaterThan(1);
    for (const { name, operation } of needKey) {
      const header = operation.parameters?.find((parameter) => parameter.in === "header");
      expect(header?.name.toLowerCase(), name).toBe("idempotency-key");
      expect(header?.required, name).toBe(true);
    }
  });
});

describe("/docs", () => {
  it("shows the document with nothing that comes from elsewhere", async () => {
    const response = await exports.default.fetch("http://edge-billing.test/docs");
    expect(response.status).toBe(200);
    expect(response.headers.get("Content-Type")).toMatch(/^text\/html/);
    const page = await response.text();
    const sources = [...page.matchAll(/<(?:script|link|img|iframe)\b[^>]*?\b(?:src|href)="([^"]*)"/g)].map(
      ([, source]) => source,
    );
    expect(sources).toContain("/scalar.js");
    for (const source of sources) expect(source).toMatch(/^\/(?!\/)/);
    expect(page).toContain("/openapi.json");
    expect(page).not.toMatch(/url\(\s*["']?https?:|@import/);
  });
});

describe("an address that doesn't exist", () => {
  it.each(["/", "/v1", "/v1/nothing", "/v2/accounts"])("%s is answered as a problem", async (path) => {
    const { status, headers, body } = await send(path);
    expect(status).toBe(404);
    expect(headers.get("Content-Type")).toBe("application/problem+json");
    expect(body).toMatchObject({ code: "not_found", instance: path, status: 404 });
  });

  it("is one that exists for another method, too", async () => {
    const { status, body } = await send("/v1/catalog/products", { method: "DELETE" });
    expect([status, body]).toMatchObject([404, { code: "not_found" }]);
  });
});

describe("every answer", () => {
  it("has the request's id, the caller's own where it sent one", async () => {
    const own = await send("/v1/catalog/products", { headers: { "X-Request-Id": "my-request-1" } });
    expect(own.headers.get("X-Request-Id")).toBe("my-request-1");
    expect(own.body).toMatchObject({ requestId: "my-request-1" });
    const [one, other] = [await send("/healthz"), await send("/healthz")];
    expect(one.headers.get("X-Request-Id")).toMatch(/^[\w-]{8,}$/);
    expect(one.headers.get("X-Request-Id")).not.toBe(other.headers.get("X-Request-Id"));
  });

  it("doesn't take just anything for a request's id", async () => {
    const odd = `<script>${"x".repeat(300)}`;
    const { headers } = await send("/healthz", { headers: { "X-Request-Id": odd } });
    expect(headers.get("X-Request-Id")).not.toContain("<");
  });

  it("keeps browsers from guessing and framing", async () => {
    const pages = ["/docs", "/openapi.json", "/healthz"];
    for (const path of [...pages, "/v1/catalog/products", "/v1/nothing", "/nothing", "/"]) {
      const { headers } = await exports.default.fetch(`http://edge-billing.test${path}`);
      expect(headers.get("X-Content-Type-Options"), path).toBe("nosniff");
      expect(headers.get("X-Frame-Options"), path).toMatch(/^(SAMEORIGIN|DENY)$/);
      expect(headers.get("Referrer-Policy"), path).toBe("no-referrer");
      expect(headers.get("Strict-Transport-Security"), path).toMatch(/^max-age=\d{7,}/);
    }
  });
});
