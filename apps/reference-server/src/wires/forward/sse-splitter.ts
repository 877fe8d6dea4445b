import { StringDecoder } from 'node:string_decoder';

/** One server-sent event. */
export interface SseEvent {
  /** Empty when the event has no name. */
  readonly name: string;
  readonly data: string;
}

/** Cuts a stream of bytes into server-sent events. */
export interface SseSplitter {
  push(chunk: Buffer): SseEvent[];
  /** Whether bytes of an unfinished event wait. */
  readonly hasRest: boolean;
}

/** Creates a splitter; comments are dropped, line ends may be LF or CRLF, and characters may be cut anywhere. */
export function createSseSplitter(): SseSplitter {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  return {
    push(chunk) {
      let text = decoder.write(chunk);
      if (rest !== '') text = rest + text;
      if (text.includes('\r')) {
        // A CR at the very end may be the first half of a CRLF.
        const isHalf = text.endsWith('\r');
        text =
          (isHalf ? text.slice(0, -1) : text).replaceAll('\r\n', '\n').replaceAll('\r', '\n') +
          (isHalf ? '\r' : '');
      }
      const events: SseEvent[] = [];
      let from = 0;
      // What waits holds no end of an event, but maybe the first half of one.
      let searchFrom = Math.max(0, rest.length - 2);
      for (;;) {
        const end = text.indexOf('\n\n', Math.max(from, searchFrom));
        searchFrom = 0;
        if (end === -1) break;
        const event = parseEvent(text, from, end);
        if (event !== undefined) events.push(event);
        from = end + 2;
      }
      rest = from === 0 ? text : text.slice(from);
      return events;
    },
    get hasRest() {
      return rest.trim() !== '';
    },
  };
}

function parseEvent(text: string, from: number, end: number): SseEvent | undefined {
  // By far the most common form: one line of data.
  if (text.startsWith('data: ', from)) {
    const lineEnd = text.indexOf('\n', from);
    if (lineEnd === end || lineEnd === -1) return { name: '', data: text.slice(from + 6, end) };
  }
  let name = '';
  let data: string | undefined;
  for (const line of text.slice(from, end).split('\n')) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const field = line.slice(0, colon);
    const value = line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'event') name = value;
    else if (field === 'data') data = data === undefined ? value : `${data}\n${value}`;
  }
  return data === undefined ? undefined : { name, data };
}
