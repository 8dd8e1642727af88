import { and, desc, eq, type SQL, sql } from "drizzle-orm";
import type { Product } from "../domain/catalogue.ts";
import type { ProductId } from "../domain/ids.ts";
import { databaseOf } from "./database.ts";
import { catalogueVersions } from "./schema.ts";

/** How long another isolate may go on quoting from the version before. */
const CACHE_MS = 5_000;

const cache = new Map<ProductId, { readonly product: Product; readonly readAtMs: number }>();

/** A product as it is put: its version is given to it. */
export type ProductBody = Omit<Product, "version">;

/** The version of a product that is in force: the highest, whatever any clock says. Null for an unknown product. */
export async function currentProduct(env: Env, id: ProductId): Promise<Product | null> {
  const cached = cache.get(id);
  if (cached && Date.now() - cached.readAtMs < CACHE_MS) return cached.product;
  const [row] = await databaseOf(env, null)
    .select()
    .from(catalogueVersions)
    .where(eq(catalogueVersions.product, id))
    .orderBy(desc(catalogueVersions.version))
    .limit(1);
  return row ? remember({ ...row.body, version: row.version }) : null;
}

/** A product as it was in one of its versions; null where there is no such version. */
export async function productVersion(env: Env, id: ProductId, version: number): Promise<Product | null> {
  const current = await currentProduct(env, id);
  if (current?.version === version) return current;
  const [row] = await databaseOf(env, null)
    .select()
    .from(catalogueVersions)
    .where(and(eq(catalogueVersions.product, id), eq(catalogueVersions.version, version)));
  return row ? { ...row.body, version } : null;
}

/** Every product, in the version in force, by id. */
export async function currentProducts(env: Env): Promise<Product[]> {
  const rows = await databaseOf(env, null)
    .select()
    .from(catalogueVersions)
    .where(eq(catalogueVersions.version, highestVersion()))
    .orderBy(catalogueVersions.product);
  return rows.map((row) => ({ ...row.body, version: row.version }));
}

/** Puts a new version of a product in force. A product that is put as it is keeps its version. */
export async function putProduct(env: Env, body: ProductBody, nowMs: number): Promise<Product> {
  const stored = JSON.stringify(body);
  const database = databaseOf(env, null);
  const mine = and(eq(catalogueVersions.product, body.id), eq(catalogueVersions.version, highestVersion()));
  const isInForce = sql`EXISTS (SELECT 1 FROM catalogue_versions WHERE ${mine} AND body = ${stored})`;
  await database.run(sql`INSERT INTO catalogue_versions (product, version, created_at_ms, body)
    SELECT ${body.id}, coalesce(max(version), 0) + 1, ${nowMs}, ${stored}
    FROM catalogue_versions WHERE product = ${body.id} HAVING NOT ${isInForce}`);
  cache.delete(body.id);
  const product = await currentProduct(env, body.id);
  if (!product) throw new Error(`${body.id} was put and isn't there`);
  return product;
}

const highestVersion = (): SQL =>
  sql`(SELECT max(version) FROM catalogue_versions AS other WHERE other.product = ${catalogueVersions.product})`;

function remember(product: Product): Product {
  cache.set(product.id, { product, readAtMs: Date.now() });
  return product;
}
