import { crc32 } from 'node:zlib';
import { LexicalIndexCorruptError } from '../errors.js';
import type { IndexedText } from './document-slots.js';

const MAGIC = 'ESPBM25\u0001';
/** Magic, checksum of the rest, length of the head. */
const HEAD_AT = MAGIC.length + 8;

interface Head {
  readonly analyzer: string;
  readonly fields: readonly string[];
  readonly words: readonly string[];
  readonly ids: readonly string[];
  /** Field after field, text after text. */
  readonly lengths: readonly number[];
}

/** Writes texts as lists of words: a head in JSON, then the number of each word as an unsigned variable-length integer. */
export function writeIndexBytes(options: {
  analyzer: string;
  fields: readonly string[];
  texts: readonly IndexedText[];
  wordOf: (id: number) => string;
}): Uint8Array {
  const { analyzer, fields, texts, wordOf } = options;
  const numbers = new Map<number, number>();
  const words: string[] = [];
  let bytes = new Uint8Array(1024);
  let length = 0;
  const push = (value: number): void => {
    if (length + 5 > bytes.length) {
      const larger = new Uint8Array(bytes.length * 2);
      larger.set(bytes);
      bytes = larger;
    }
    let rest = value;
    while (rest > 127) {
      bytes[length++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    bytes[length++] = rest;
  };
  for (const text of texts) {
    for (const id of text.words) {
      let number = numbers.get(id);
      if (number === undefined) {
        number = words.length;
        numbers.set(id, number);
        words.push(wordOf(id));
      }
      push(number);
    }
  }
  const head: Head = {
    analyzer,
    fields,
    words,
    ids: texts.map(({ id }) => id),
    lengths: texts.flatMap(({ lengths }) => lengths),
  };
  const headBytes = new TextEncoder().encode(JSON.stringify(head));
  const result = new Uint8Array(HEAD_AT + headBytes.length + length);
  result.set(new TextEncoder().encode(MAGIC));
  result.set(headBytes, HEAD_AT);
  result.set(bytes.subarray(0, length), HEAD_AT + headBytes.length);
  const view = new DataView(result.buffer);
  view.setUint32(MAGIC.length + 4, headBytes.length, true);
  view.setUint32(MAGIC.length, crc32(result.subarray(MAGIC.length + 4)), true);
  return result;
}

/** Yields the texts again. */
export function* readIndexBytes(
  bytes: Uint8Array,
  wanted: { analyzer: string; fields: readonly string[] },
): Generator<{ id: string; words: readonly string[]; lengths: readonly number[] }> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = new TextDecoder().decode(bytes.subarray(0, MAGIC.length));
  if (bytes.length < HEAD_AT || magic !== MAGIC)
    throw new LexicalIndexCorruptError({ problem: 'it does not begin as one' });
  if (crc32(bytes.subarray(MAGIC.length + 4)) !== view.getUint32(MAGIC.length, true))
    throw new LexicalIndexCorruptError({ problem: 'its checksum is wrong' });
  const headEnd = HEAD_AT + view.getUint32(MAGIC.length + 4, true);
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(HEAD_AT, headEnd))) as Head;
  if (head.analyzer !== wanted.analyzer || head.fields.join() !== wanted.fields.join()) {
    const made = `made with the analyzer "${head.analyzer}" and the fields ${head.fields.join(', ')}`;
    const asked = `"${wanted.analyzer}" and ${wanted.fields.join(', ')}`;
    throw new LexicalIndexCorruptError({ problem: `it was ${made}, not ${asked}` });
  }
  let place = headEnd;
  const next = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[place++] ?? 0;
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const count = head.fields.length;
  for (const [n, id] of head.ids.entries()) {
    const lengths = head.lengths.slice(n * count, (n + 1) * count);
    const total = lengths.reduce((sum, length) => sum + length, 0);
    const words = Array.from({ length: total }, () => head.words[next()] ?? '');
    yield { id, words, lengths };
  }
}
