declare namespace Cloudflare {
  interface Env {
    TEST_MIGRATIONS: import("cloudflare:test").D1Migration[];
  }
}

interface ImportMeta {
  /** Files by their paths, as Vite reads them in. */
  glob<T>(
    pattern: string,
    options: { readonly eager: true; readonly query: "?raw"; readonly import: "default" },
  ): Record<string, T>;
}
