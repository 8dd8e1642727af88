import { inject } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    /** Where the HTTP server that answers as told listens. */
    peer: string;
  }
}

/** How the peer answers one request. */
export interface PeerAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Wait with it until `release`. */
  readonly hold?: true;
  /** Drop the connection instead. */
  readonly close?: true;
}

/** A request as it came in. */
export interface PeerRequest {
  /** Counts every request to the peer, whoever it was for. */
  readonly arrival: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The caller hung up before it was answered. */
  readonly isAborted: boolean;
}

const control = async (verb: string, name: string, init?: RequestInit): Promise<unknown> =>
  (await fetch(`${inject("peer")}/-/${verb}/${name}`, init)).json();

/** Somebody the worker talks to, over real HTTP: a console or a mail service of one test's own. */
export class Peer {
  readonly name = `peer-${crypto.randomUUID()}`;
  readonly url = `${inject("peer")}/${this.name}`;

  /** Answers the next requests like this, one each, and all further ones like the last. */
  async answers(...script: readonly PeerAnswer[]): Promise<void> {
    await control("script", this.name, { method: "PUT", body: JSON.stringify(script) });
  }

  /** Lets the answers go that it holds. */
  async release(): Promise<void> {
    await control("release", this.name, { method: "POST" });
  }

  /** What it was asked so far, in the order of arrival. */
  requests = async (): Promise<readonly PeerRequest[]> =>
    (await control("requests", this.name)) as readonly PeerRequest[];

  /** Waits until it was asked this often. */
  async asked(times: number): Promise<readonly PeerRequest[]> {
    for (let look = 0; look < MAX_LOOKS; look += 1) {
      const requests = await this.requests();
      if (requests.length >= times) return requests;
      await scheduler.wait(LOOK_EVERY_MS);
    }
    throw new Error(`not asked ${times} times`);
  }
}

// `vi.waitFor` would move a clock that the test has set.
const LOOK_EVERY_MS = 20;
const MAX_LOOKS = 400;
