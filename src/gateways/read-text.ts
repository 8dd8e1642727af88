/** The text of a message; null when it is longer than that, or no UTF-8. */
export async function readText({ body }: Request | Response, maxBytes: number): Promise<string | null> {
  if (!body) return "";
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  let bytes = 0;
  let text = "";
  // Leaving the loop early cancels the rest.
  for await (const chunk of body as ReadableStream<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) return null;
    try {
      text += decoder.decode(chunk, { stream: true });
    } catch {
      return null;
    }
  }
  try {
    return text + decoder.decode();
  } catch {
    return null;
  }
}
