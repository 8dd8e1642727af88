import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect } from "vitest";
import type { Job } from "../../src/account/jobs.ts";
import worker from "../../src/index.ts";
import { tablesOf } from "../support/tables.ts";
import type { Faults } from "./faults.ts";
import type { SubjectAccount } from "./subject-account.ts";

const QUEUE = "edge-billing-jobs";
const BATCH = 100;

/**
 * Delivers each message that accounts have sent twice: in one batch, and then once more in another, as a queue may.
 * Each call is then off its list, and each mail was sent once.
 */
export async function deliverTwice(accounts: readonly SubjectAccount[], faults: Faults): Promise<void> {
  const jobs = accounts.flatMap(({ id }) => faults.jobsOf(id));
  const distinct = new Map(jobs.map((job) => [JSON.stringify(job), job]));
  await deliver([...distinct.values()].flatMap((job) => [job, job]));
  await deliver(jobs);
  const mails = await countBy("account", "mails WHERE status = 'sent'");
  const received = await countBy("recipient", "sandbox_mailbox");
  for (const account of accounts) {
    const { console_calls: calls } = await tablesOf(account.object);
    expect(calls).toEqual([]);
    const wanted = [...distinct.values()].filter(
      (job) => job.type === "send_mail" && job.account === account.id,
    );
    expect(mails.get(account.id) ?? 0).toBe(wanted.length);
    const addresses = wanted.flatMap((job) => ("to" in job ? [job.to] : []));
    for (const address of new Set(addresses))
      expect(received.get(address) ?? 0).toBe(addresses.filter((other) => other === address).length);
  }
}

async function deliver(jobs: readonly Job[]): Promise<void> {
  for (let start = 0; start < jobs.length; start += BATCH) {
    const messages = jobs.slice(start, start + BATCH).map((body, index) => ({
      id: String(start + index),
      timestamp: new Date(),
      attempts: 1,
      body,
    }));
    const batch = createMessageBatch<Job>(QUEUE, messages);
    const ctx = createExecutionContext();
    await worker.queue(batch, env);
    expect((await getQueueResult(batch, ctx)).retryMessages).toEqual([]);
  }
}

async function countBy(column: string, of: string): Promise<Map<string, number>> {
  const query = `SELECT ${column} AS name, count(*) AS n FROM ${of} GROUP BY ${column}`;
  const { results } = await env.DB.prepare(query).all<{ name: string; n: number }>();
  return new Map(results.map(({ name, n }) => [name, n]));
}
