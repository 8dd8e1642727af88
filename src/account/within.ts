/** What `work` comes to, or `otherwise` after a time. The work itself goes on; the wait ends with it. */
export async function within<T, U>(limitMs: number, work: Promise<T>, otherwise: U): Promise<T | U> {
  const waiting = new AbortController();
  const timeout = scheduler.wait(limitMs, { signal: waiting.signal }).then(
    () => otherwise,
    () => otherwise,
  );
  try {
    return await Promise.race([work, timeout]);
  } finally {
    waiting.abort();
  }
}
