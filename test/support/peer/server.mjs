// A real HTTP server that answers as a test tells it to. It runs in Node, beside the worker under test.
//
//   PUT  /-/script/{name}    a list of answers, one a request; the last one stands for all that follow
//   POST /-/release/{name}   lets the answers go that are being held
//   GET  /-/requests/{name}  what came in under /{name}, in the order of arrival
//
// An answer is {status, headers, body}, and may say `hold` (wait for the release) or `close` (drop the connection).

import { createServer } from "node:http";

const TAKEN = { status: 204 };

/** @param {import("vitest/node").TestProject} project */
export default async function startPeer(project) {
  const lanes = new Map();
  const laneOf = (name) => {
    const lane = lanes.get(name) ?? { script: [], held: [], requests: [] };
    lanes.set(name, lane);
    return lane;
  };
  let arrivals = 0;

  const control = (verb, lane, body, response) => {
    if (verb === "script") lane.script = JSON.parse(body);
    if (verb === "release") for (const release of lane.held.splice(0)) release();
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify(verb === "requests" ? lane.requests : {}));
  };

  const take = async (lane, request, body, response) => {
    arrivals += 1;
    const entry = {
      arrival: arrivals,
      method: request.method,
      path: request.url,
      headers: request.headers,
      body,
      isAborted: false,
    };
    lane.requests.push(entry);
    response.on("close", () => {
      entry.isAborted = !response.writableEnded;
    });
    const answer = lane.script.length > 1 ? lane.script.shift() : (lane.script[0] ?? TAKEN);
    if (answer.hold) await new Promise((resolve) => lane.held.push(resolve));
    if (answer.close) {
      request.socket.destroy();
      return;
    }
    response.writeHead(answer.status ?? TAKEN.status, answer.headers);
    response.end(answer.body);
  };

  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString("utf8");
    const [, first, verb, third] = new URL(request.url ?? "/", "http://peer").pathname.split("/");
    if (first === "-") control(verb, laneOf(third), body, response);
    else await take(laneOf(first), request, body, response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  project.provide("peer", `http://127.0.0.1:${server.address().port}`);

  return async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
}
