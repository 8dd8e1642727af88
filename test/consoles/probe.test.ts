import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import { Peer } from "../support/peer/peer.ts";
test("peer", async () => {
  const peer = new Peer();
  await peer.answers({ status: 500, body: "no" }, { close: true }, {});
  console.log((await fetch(peer.url, { method: "POST", body: "a" })).status);
  try { await fetch(peer.url, { method: "POST", body: "b" }); } catch (e) { console.log("closed", String(e)); }
  console.log((await fetch(peer.url, { method: "POST", body: "b" })).status);
  const real = AbortSignal.timeout.bind(AbortSignal);
  vi.spyOn(AbortSignal, "timeout").mockImplementation(() => real(100));
  await peer.answers({ hold: true });
  try { await fetch(peer.url, { method: "POST", body: "c", signal: AbortSignal.timeout(15000) }); } catch (e) { console.log("abort", String(e)); }
  console.log(JSON.stringify(await peer.requests()));
  console.log(Object.keys({ ...env }).join(), new Intl.DateTimeFormat("vi-VN",{dateStyle:"long",timeStyle:"short",timeZone:"Asia/Ho_Chi_Minh"}).format(0));
  expect(1).toBe(1);
});
