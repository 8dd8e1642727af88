import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { root } from "./paths.ts";
import { spawnWrangler, stopGroup } from "./wrangler.ts";

const migrationsDir = join(root, "migrations");

/** Brings the local D1 of `stateDir` up to date; without new migrations it costs no call of wrangler. */
export async function applyMigrations(stateDir: string, signal?: AbortSignal): Promise<void> {
  const files = existsSync(migrationsDir)
    ? readdirSync(migrationsDir).filter((name) => name.endsWith(".sql"))
    : [];
  if (files.length === 0) return;
  const hash = createHash("sha256");
  for (const name of files.sort()) hash.update(name).update(readFileSync(join(migrationsDir, name)));
  const version = hash.digest("hex");
  const marker = join(stateDir, "migrated");
  if (existsSync(marker) && readFileSync(marker, "utf8") === version) return;

  const wrangler = spawnWrangler(["d1", "migrations", "apply", "DB", "--local", "--persist-to", stateDir]);
  const stop = () => void stopGroup(wrangler);
  signal?.addEventListener("abort", stop, { once: true });
  const output = Promise.all(
    [wrangler.stdout, wrangler.stderr].map((stream) => (stream ? text(stream) : "")),
  );
  const [code] = await once(wrangler, "exit");
  signal?.removeEventListener("abort", stop);
  signal?.throwIfAborted();
  if (code !== 0) throw new Error(`the D1 migrations failed:\n${(await output).join("")}`);
  mkdirSync(stateDir, { recursive: true });
  writeFileSync(marker, version);
}
