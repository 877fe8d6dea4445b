import { createHash } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { PackedTokenStates } from './pack-token-states.js';

const KEY_BYTES = 32;
/** Key, then tokens, windows and dimension as u32. */
const HEADER_BYTES = KEY_BYTES + 12;

/** Keeps the token states of texts, each under the hash of its text. */
export interface TokenStateStore {
  has(text: string): boolean;
  get(text: string): PackedTokenStates | undefined;
  set(text: string, states: PackedTokenStates): void;
  close(): void;
}

/**
 * Opens a file that keeps token states beyond the process: memory holds only where each text is.
 *
 * Records are appended; a record that a crash left unfinished is cut off at the next opening. One process at a time
 * may write. The file is named after the model and `layout`, which says how texts were cut, so that states of different
 * models never mix.
 */
export function createTokenStateFile(options: {
  folder: string;
  modelId: string;
  layout: string;
}): TokenStateStore {
  mkdirSync(options.folder, { recursive: true });
  const name = `${options.modelId}-${options.layout}`.replaceAll(/[^\w.-]+/gu, '_');
  const descriptor = openSync(join(options.folder, `${name}.states`), 'a+');
  const places = new Map<string, number>();
  let end = 0;
  let isOpen = true;

  const read = (position: number, length: number): Uint8Array<ArrayBuffer> => {
    const buffer = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const count = readSync(descriptor, buffer, done, length - done, position + done);
      if (count === 0) break;
      done += count;
    }
    return buffer;
  };
  const sizes = (header: Uint8Array<ArrayBuffer>) => {
    const view = new DataView(header.buffer);
    const tokens = view.getUint32(KEY_BYTES, true);
    const windows = view.getUint32(KEY_BYTES + 4, true);
    const dimension = view.getUint32(KEY_BYTES + 8, true);
    const bytes = tokens * 8 + windows * dimension * 4 + tokens * dimension;
    return { tokens, windows, dimension, bytes };
  };

  const total = fstatSync(descriptor).size;
  while (end + HEADER_BYTES <= total) {
    const header = read(end, HEADER_BYTES);
    const next = end + HEADER_BYTES + sizes(header).bytes;
    if (next > total) break;
    places.set(keyOf(header.subarray(0, KEY_BYTES)), end);
    end = next;
  }
  if (end < total) ftruncateSync(descriptor, end);

  return {
    has: (text) => places.has(keyOf(hash(text))),
    get(text) {
      const place = places.get(keyOf(hash(text)));
      if (place === undefined) return undefined;
      const { tokens, windows, dimension, bytes } = sizes(read(place, HEADER_BYTES));
      const { buffer } = read(place + HEADER_BYTES, bytes);
      const vectorsAt = tokens * 8;
      const bytesAt = vectorsAt + windows * dimension * 4;
      return {
        ids: new Int32Array(buffer, 0, tokens),
        scales: new Float32Array(buffer, tokens * 4, tokens),
        windows: Array.from(
          { length: windows },
          (_, n) => new Float32Array(buffer, vectorsAt + n * dimension * 4, dimension),
        ),
        bytes: new Int8Array(buffer, bytesAt, tokens * dimension),
      };
    },
    set(text, { ids, scales, windows, bytes }) {
      const key = hash(text);
      if (places.has(keyOf(key))) return;
      const header = new Uint8Array(HEADER_BYTES);
      header.set(key);
      const view = new DataView(header.buffer);
      view.setUint32(KEY_BYTES, ids.length, true);
      view.setUint32(KEY_BYTES + 4, windows.length, true);
      const dimension = windows[0]?.length ?? 0;
      view.setUint32(KEY_BYTES + 8, dimension, true);
      const record = Buffer.concat([header, ...[ids, scales, ...windows, bytes].map(bytesOf)]);
      let done = 0;
      while (done < record.length) done += writeSync(descriptor, record, done);
      places.set(keyOf(key), end);
      end += record.length;
    },
    close() {
      if (isOpen) closeSync(descriptor);
      isOpen = false;
    },
  };
}

function hash(text: string): Uint8Array {
  return createHash('sha256').update(text).digest();
}

function keyOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
