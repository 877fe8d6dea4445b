import { constants, fstatSync, readSync } from 'node:fs';
import { copyFile, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { VectorRecord } from '@espalier/core';
import { IndexCorruptError } from '../errors.js';
import {
  contentLength,
  decodeErasure,
  decodeMatch,
  decodeRecord,
  encodeErasure,
  encoded,
  encodeRecord,
  encodeWiped,
  ENTRY,
  ENTRY_HEADER,
  isIntact,
  readHeader,
  type EncodedRecord,
  type EntryHeader,
} from './entry-codec.js';
import { decodeHeads, encodeHead, FIRST_ENTRY, HEAD_BYTES, type FileHead } from './file-head.js';
import type { RecordPlace, RecordStorage, StoredRecord } from './record-storage.js';

const FIRST_WRITE_BYTES = 2 ** 14;
const WRITE_BYTES = 2 ** 22;
const READ_BYTES = 2 ** 22;
/** Below this it is not worth moving anything. */
const MIN_ERASED_BYTES = 2 ** 20;

const NEW_EXTENSION = '.new';
const HELD_EXTENSION = '.held';
const ENTRIES_PER_TURN = 1000;
const ADVICE = 'Restore a snapshot, or drop the index and ingest its sources anew.';

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
  const temporary = `${options.path}${NEW_EXTENSION}`;
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
 * Reads what a file of records was made with.
 *
 * @throws {IndexCorruptError} `ERR_RAG_INDEX_CORRUPT`: neither of its heads is whole.
 */
export async function readRecordHead(options: { path: string; index: string }): Promise<FileHead> {
  const file = await open(options.path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(FIRST_ENTRY), 0, FIRST_ENTRY, 0);
    const head = decodeHeads(buffer.subarray(0, bytesRead));
    if (head !== undefined) return head;
    throw new IndexCorruptError({ ...options, problem: 'neither of its heads is whole' });
  } finally {
    await file.close();
  }
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
  // What a crash left behind holds records that may be deleted by now.
  for (const extension of [HELD_EXTENSION, NEW_EXTENSION])
    await rm(`${path}${extension}`, { force: true });
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
  const commitHead = async (length: number): Promise<void> => {
    const next = { ...head, commits: head.commits + 1, length };
    await writeHead(file, next);
    head = next;
  };

  const append = async (
    target: FileHandle,
    start: number,
    entries: Iterable<EncodedRecord>,
  ): Promise<{ places: RecordPlace[]; end: number }> => {
    const places: RecordPlace[] = [];
    let buffer = Buffer.allocUnsafe(0);
    let used = 0;
    let at = start;
    const flush = async (): Promise<void> => {
      for (let done = 0; done < used;) {
        const { bytesWritten } = await target.write(buffer, done, used - done, at + done);
        done += bytesWritten;
      }
      at += used;
      used = 0;
    };
    for (const entry of entries) {
      const { bytes } = entry;
      if (used + bytes > buffer.length) {
        await flush();
        const isFirst = places.length === 0;
        // Small commits take a small buffer, large ones a large one.
        if (bytes > buffer.length || buffer.length < WRITE_BYTES)
          buffer = Buffer.allocUnsafe(Math.max(bytes, isFirst ? FIRST_WRITE_BYTES : WRITE_BYTES));
      }
      entry.write(buffer, used);
      places.push({ address: at + used, bytes });
      used += bytes;
    }
    await flush();
    await target.datasync();
    return { places, end: at };
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

  const intactHeader = (entry: Buffer, address: number): EntryHeader => {
    const header = readHeader(entry, 0);
    if (header.kind !== ENTRY.record || !isIntact(entry, header))
      throw corrupt(`the checksum of the entry at ${address} is wrong`);
    return header;
  };
  const recordOf = (entry: Buffer, address: number): VectorRecord =>
    decodeRecord(entry, intactHeader(entry, address), dimension);

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
            } else {
              const place = { address: at, bytes: length };
              yield { place, record: decodeRecord(entry, header, dimension) };
            }
          }
          at += length;
        }
      }
    },
    async recover() {
      await wipe(unwiped.splice(0));
    },
    async commit({ records, erased }) {
      function* entries(): Iterable<EncodedRecord> {
        for (const record of records) yield encodeRecord(record);
        if (erased.length > 0) yield encoded(encodeErasure(erased));
      }
      const { places, end } = await append(file, head.length, entries());
      await commitHead(end);
      return places.slice(0, records.length);
    },
    wipe,
    read({ address, bytes }) {
      // Its own memory, so that the vector is aligned.
      const entry = Buffer.from(new ArrayBuffer(bytes));
      readSync(file.fd, entry, 0, bytes, address);
      return {
        vector: new Float32Array(entry.buffer, ENTRY_HEADER, dimension),
        record: () => recordOf(entry, address),
        match: () => decodeMatch(entry, intactHeader(entry, address), dimension),
      };
    },
    async hold(live) {
      // Where the file system can, the copy shares its blocks with the file.
      const copy = `${path}${HELD_EXTENSION}`;
      await copyFile(path, copy, constants.COPYFILE_FICLONE);
      const held = await open(copy, 'r');
      // Nobody else sees it, and it goes with this process.
      await rm(copy);
      const ordered = [...live].sort((a, b) => a.address - b.address);
      return {
        *records() {
          for (const { address, bytes } of ordered) {
            const entry = Buffer.allocUnsafe(bytes);
            readSync(held.fd, entry, 0, bytes, address);
            yield recordOf(entry, address);
          }
        },
        release: () => held.close(),
      };
    },
    async problems(live) {
      const found: string[] = [];
      const size = fstatSync(file.fd).size;
      if (size < head.length) found.push(`The file has ${size} bytes of ${head.length}. ${ADVICE}`);
      let damaged = 0;
      for (const [at, { address, bytes }] of live.entries()) {
        const entry = readAt(address, bytes);
        if (entry.length < bytes || !isIntact(entry, readHeader(entry, 0))) damaged += 1;
        // Other work gets its turn.
        if (at % ENTRIES_PER_TURN === 0) await setImmediate();
      }
      if (damaged > 0) found.push(`${damaged} records fail their checksum. ${ADVICE}`);
      return found;
    },
    async compact(live, { isForced = false } = {}) {
      const isWorthIt = erasedBytes >= MIN_ERASED_BYTES && erasedBytes * 2 >= head.length;
      if (erasedBytes === 0 || !(isForced || isWorthIt)) return undefined;
      const temporary = `${path}${NEW_EXTENSION}`;
      const target = await open(temporary, 'w+');
      const moved = new Map<number, RecordPlace>();
      const ordered = [...live].sort((a, b) => a.address - b.address);
      try {
        function* entries(): Iterable<EncodedRecord> {
          for (const { address, bytes } of ordered) yield encoded(readAt(address, bytes));
        }
        const { places, end } = await append(target, FIRST_ENTRY, entries());
        const next = { ...head, commits: head.commits + 1, length: end };
        await writeHead(target, next);
        await moveInto(temporary, path);
        for (const [index, { address }] of ordered.entries()) {
          const place = places[index];
          if (place !== undefined) moved.set(address, place);
        }
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
