/** One frame of an event stream as it came over the wire. */
export interface SseFrame {
  readonly id: number;
  readonly event: string;
  readonly data: Record<string, unknown>;
  readonly raw: string;
}

/** Reads an event stream to its end; with `until`, leaves it after that many frames. */
export async function readSse(
  response: Response,
  until = Number.POSITIVE_INFINITY,
): Promise<SseFrame[]> {
  const frames: SseFrame[] = [];
  let text = '';
  const decoder = new TextDecoder();
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return frames;
    text += decoder.decode(value, { stream: true });
    for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
      const raw = text.slice(0, end + 2);
      text = text.slice(end + 2);
      if (raw.startsWith(':')) continue;
      frames.push(parseFrame(raw));
      if (frames.length >= until) {
        await reader.cancel();
        return frames;
      }
    }
  }
}

function parseFrame(raw: string): SseFrame {
  const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'mu').exec(raw)?.[1] ?? '';
  return {
    id: Number(field('id')),
    event: field('event'),
    data: JSON.parse(field('data')) as Record<string, unknown>,
    raw,
  };
}
