import { fstatSync, readSync } from 'node:fs';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { VectorRecord } from '@espalier/core';
import { IndexCorruptError } from '../errors.js';
import {
  contentLength,
  decodeErasure,
  decodeRecord,
  encodeErasure,
  encodeRecord,
  encodeWiped,
  ENTRY,
  ENTRY_HEADER,
  isIntact,
  readHeader,
} from './entry-codec.js';
import { decodeHeads, encodeHead, FIRST_ENTRY, HEAD_BYTES, type FileHead } from './file-head.js';
import type { RecordStorage, StoredRecord } from './record-storage.js';

const WRITE_BYTES = 2 ** 22;
const READ_BYTES = 2 ** 22;
/** Below this it is not worth moving anything. */
const MIN_ERASED_BYTES = 2 ** 20;

/** A file of records that is open. */
export interface RecordFile extends RecordStorage {
  readonly head: FileHead;
  /** All live records in order of the file, read piece by piece; to be run through once, before any change. */
  load(): Iterable<StoredRecord>;
  /** Wipes what a crash left unwiped. */
  recover(): Promise<void>;
}

/** Makes a file without records, in one step: it is there whole or not at all. */
export async function createRecordFile(options: {
  path: string;
  dimension: number;
  embedding: string;
}): Promise<void> {
  const temporary = `${options.path}.new`;
  const { dimension, embedding } = options;
  const file = await open(temporary, 'w');
  try {
    await file.truncate(FIRST_ENTRY);
    await writeHead(file, { dimension, embedding, commits: 0, length: FIRST_ENTRY });
  } finally {
    await file.close();
  }
  await moveInto(temporary, options.path);
}

/**
 * Opens a file of records.
 *
 * Entries are only added; a commit is the head that counts them, written after they are on disk. Until then a reader,
 * also one after a crash, sees the state before.
 *
 * @throws {IndexCorruptError} `ERR_RAG_INDEX_CORRUPT`: truncated, or a checksum is wrong. `load` throws it, too.
 */
export async function openRecordFile(options: {
  path: string;
  index: string;
}): Promise<RecordFile> {
  const { path } = options;
  const corrupt = (problem: string): IndexCorruptError =>
    new IndexCorruptError({ index: options.index, path, problem });
  let file = await open(path, 'r+');
  const readAt = (position: number, length: number): Buffer => {
    const bytes = Buffer.allocUnsafe(length);
    const read = readSync(file.fd, bytes, 0, length, position);
    return read === length ? bytes : bytes.subarray(0, read);
  };
  const openedHead = decodeHeads(readAt(0, FIRST_ENTRY));
  if (openedHead === undefined) {
    await file.close();
    throw corrupt('neither of its heads is whole');
  }
  let head: FileHead = openedHead;
  const size = fstatSync(file.fd).size;
  if (size < head.length) {
    await file.close();
    throw corrupt(`it has ${size} bytes of ${head.length}`);
  }
  const { dimension } = head;
  let erasedBytes = 0;
  const unwiped: number[] = [];

  const headerAt = (address: number) => readHeader(readAt(address, ENTRY_HEADER), 0);
  const lengthAt = (address: number): number =>
    ENTRY_HEADER + (contentLength(headerAt(address), dimension) ?? 0);
  const commitHead = async (length: number): Promise<void> => {
    const next = { ...head, commits: head.commits + 1, length };
    await writeHead(file, next);
    head = next;
  };

  const append = async (
    target: FileHandle,
    start: number,
    entries: Iterable<Buffer>,
  ): Promise<number[]> => {
    const addresses: number[] = [];
    let pending: Buffer[] = [];
    let pendingBytes = 0;
    let at = start;
    const flush = async (): Promise<void> => {
      const bytes = Buffer.concat(pending, pendingBytes);
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await target.write(bytes, done, bytes.length - done, at + done);
        done += bytesWritten;
      }
      at += pendingBytes;
      pending = [];
      pendingBytes = 0;
    };
    for (const entry of entries) {
      addresses.push(at + pendingBytes);
      pending.push(entry);
      pendingBytes += entry.length;
      if (pendingBytes >= WRITE_BYTES) await flush();
    }
    await flush();
    await target.datasync();
    return [...addresses, at];
  };

  const wipe = async (addresses: readonly number[]): Promise<void> => {
    for (const address of addresses) {
      const header = headerAt(address);
      const wiped = encodeWiped(header, dimension);
      // The content goes first: until its header says so, the record counts as not wiped.
      await file.write(wiped, ENTRY_HEADER, wiped.length - ENTRY_HEADER, address + ENTRY_HEADER);
      await file.write(wiped, 0, ENTRY_HEADER, address);
      erasedBytes += wiped.length;
    }
    if (addresses.length > 0) await file.datasync();
  };

  return {
    get head() {
      return head;
    },
    get bytes() {
      return head.length;
    },
    *load() {
      const erased = new Set<number>();
      const window: { start: number; bytes: Buffer } = { start: 0, bytes: Buffer.alloc(0) };
      const piece = (at: number, length: number): Buffer => {
        const from = at - window.start;
        if (from < 0 || from + length > window.bytes.length) {
          window.bytes = readAt(at, Math.min(Math.max(length, READ_BYTES), head.length - at));
          window.start = at;
        }
        return window.bytes.subarray(at - window.start, at - window.start + length);
      };
      // Erasures come after what they erase: they are gathered first, from the headers.
      for (const isFirstPass of [true, false]) {
        for (let at = FIRST_ENTRY; at < head.length;) {
          if (head.length - at < ENTRY_HEADER) throw corrupt(`it ends within the entry at ${at}`);
          const header = readHeader(piece(at, ENTRY_HEADER), 0);
          const length = ENTRY_HEADER + (contentLength(header, dimension) ?? Infinity);
          if (length > head.length - at) throw corrupt(`the entry at ${at} has no valid header`);
          if (isFirstPass && header.kind === ENTRY.erasure) {
            const entry = piece(at, length);
            if (!isIntact(entry, header))
              throw corrupt(`the checksum of the entry at ${at} is wrong`);
            for (const address of decodeErasure(entry, header)) erased.add(address);
          } else if (!isFirstPass && header.kind !== ENTRY.erasure) {
            const entry = piece(at, length);
            if (erased.has(at)) {
              erasedBytes += length;
              if (header.kind === ENTRY.record) unwiped.push(at);
            } else if (header.kind === ENTRY.wiped || !isIntact(entry, header)) {
              throw corrupt(`the checksum of the entry at ${at} is wrong`);
            } else yield { address: at, record: decodeRecord(entry, header, dimension) };
          }
          at += length;
        }
      }
    },
    async recover() {
      await wipe(unwiped.splice(0));
    },
    async commit({ records, erased }) {
      function* entries(): Iterable<Buffer> {
        for (const record of records) yield encodeRecord(record);
        if (erased.length > 0) yield encodeErasure(erased);
      }
      const addresses = await append(file, head.length, entries());
      await commitHead(addresses.at(-1) ?? head.length);
      return addresses.slice(0, records.length);
    },
    wipe,
    readVector(address) {
      const vector = new Float32Array(dimension);
      readSync(file.fd, vector, 0, vector.byteLength, address + ENTRY_HEADER);
      return vector;
    },
    readRecord(address): VectorRecord {
      const header = headerAt(address);
      const entry = readAt(address, ENTRY_HEADER + (contentLength(header, dimension) ?? 0));
      if (header.kind !== ENTRY.record || !isIntact(entry, header))
        throw corrupt(`the checksum of the entry at ${address} is wrong`);
      return decodeRecord(entry, header, dimension);
    },
    async compact(live) {
      if (erasedBytes < MIN_ERASED_BYTES || erasedBytes * 2 < head.length) return undefined;
      const temporary = `${path}.new`;
      const target = await open(temporary, 'w+');
      const moved = new Map<number, number>();
      const ordered = [...live].sort((a, b) => a - b);
      try {
        function* entries(): Iterable<Buffer> {
          for (const address of ordered) yield readAt(address, lengthAt(address));
        }
        const addresses = await append(target, FIRST_ENTRY, entries());
        const next = {
          ...head,
          commits: head.commits + 1,
          length: addresses.at(-1) ?? FIRST_ENTRY,
        };
        await writeHead(target, next);
        await moveInto(temporary, path);
        for (const [index, address] of ordered.entries()) moved.set(address, addresses[index] ?? 0);
        head = next;
      } catch (error) {
        await target.close();
        await rm(temporary, { force: true });
        throw error;
      }
      const old = file;
      file = target;
      erasedBytes = 0;
      await old.close();
      return moved;
    },
    close: () => file.close(),
  };
}

async function writeHead(file: FileHandle, head: FileHead): Promise<void> {
  const bytes = encodeHead(head);
  if (bytes === undefined)
    throw new RangeError('The name of the embedding is too long for the head of a file.');
  await file.write(bytes, 0, HEAD_BYTES, (head.commits % 2) * HEAD_BYTES);
  await file.datasync();
}

/** Renames and makes the name as safe as the content. */
async function moveInto(temporary: string, path: string): Promise<void> {
  await rename(temporary, path);
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
