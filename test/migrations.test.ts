import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ACCOUNT_MIGRATIONS } from "../src/account/migrations.ts";
import { COUPON_MIGRATIONS } from "../src/coupon/migrations.ts";
import { DIRECTORY_MIGRATIONS } from "../src/directory/migrations.ts";
import { USAGE_MIGRATIONS } from "../src/usage/migrations.ts";

/**
 * What has run somewhere is never edited: installations that ran it refuse another past. A change is a new step,
 * and its hash is added here.
 */
const RELEASED = {
  d1: [
    "389a08ec38ccfa55",
    "605276618a87c51f",
    "7b349667bed45287",
    "6604725d94f7832c",
    "3d70637f84ab6914",
    "7ff4e78329be13ce",
    "8b81da51116b825f",
    "46fd6c841585a1a6",
    "af0b27485465d38c",
    "a582a7f40af4cb98",
    "de6ffb7ac2a76f14",
    "ae97a850a949f28d",
    "4e245703c9a80c53",
    "f4735c71959beefe",
  ],
  account: [
    "e4078b68d6f18be5",
    "27d96fba64a374c9",
    "edfbd2601f5b8992",
    "bf63bd9880a07026",
    "628cbef1e5e4c02f",
    "c3c18a5f788e4e2f",
    "f20e16774d659a2b",
    "a65e8c4e4329611b",
    "2b4e9a9baa3d7a6c",
    "5b1fa262e4658bc4",
    "173675ce02fd49d8",
    "21c969c8c9d1e54c",
    "3b6e25f195b86ca5",
    "3bbef613296fa278",
    "0daa45e8a8208849",
    "c215c43d0819a564",
    "ced621b47b7483e9",
    "5d13c4a31cc446f6",
    "5cfe5b6f0f2927a9",
    "3afc32e14314083d",
    "022d6e9151fff90d",
    "e7d0686b51963b5b",
  ],
  coupon: ["607a779324da5fe4"],
  directory: ["dcb785e3ea67bc7c"],
  usage: ["098a6986220447c6"],
};

const hash = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 16);

const folder = join(import.meta.dirname, "../migrations");
const files = readdirSync(folder)
  .filter((file) => file.endsWith(".sql"))
  .sort();

test.each([
  ["the read side's", files.map((file) => readFileSync(join(folder, file), "utf8")), RELEASED.d1],
  ["the account object's", ACCOUNT_MIGRATIONS, RELEASED.account],
  ["the coupon object's", COUPON_MIGRATIONS, RELEASED.coupon],
  ["the directory's", DIRECTORY_MIGRATIONS, RELEASED.directory],
  ["the usage object's", USAGE_MIGRATIONS, RELEASED.usage],
])("%s migrations are as they were released", (_, steps, released) => {
  expect(steps.map(hash)).toEqual(released);
});
