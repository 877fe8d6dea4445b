import { crc32 } from 'node:zlib';
import { truncateValue, type JsonObject, type VectorRecord } from '@espalier/core';
import { IndexSnapshotInvalidError } from '../errors.js';

const MAGIC = Buffer.from('ESPVSNP1');
const FRAME_HEADER = 12;
const KIND = { head: 1, record: 2, end: 3 } as const;
/** A frame beyond this is damage, not a record. */
const MAX_FRAME = 2 ** 30;

/** What a snapshot says of the index that it is of. */
export interface SnapshotHead {
  readonly name: string;
  readonly dimension: number;
  readonly embedding: string;
}

/**
 * Writes records as a snapshot.
 *
 * Layout: 8 bytes of magic, then frames of kind, length and CRC-32 (32 bits each, little-endian) and content: the head as
 * JSON, each record (three 32-bit lengths, vector, id, text, metadata as JSON), and at the end the number of records.
 */
export async function* encodeSnapshot(
  head: SnapshotHead,
  pages: AsyncIterable<readonly VectorRecord[]>,
): AsyncIterable<Uint8Array> {
  const { name, dimension, embedding } = head;
  yield Buffer.concat([
    MAGIC,
    frame(KIND.head, Buffer.from(JSON.stringify({ name, dimension, embedding }))),
  ]);
  let count = 0;
  for await (const page of pages) {
    count += page.length;
    yield Buffer.concat(page.map((record) => frame(KIND.record, encodeContent(record))));
  }
  yield frame(KIND.end, Buffer.from(JSON.stringify({ records: count })));
}

/**
 * Reads a snapshot for an index; yields its records as they come.
 *
 * @throws {IndexSnapshotInvalidError} `ERR_RAG_INDEX_SNAPSHOT_INVALID`: of another model or dimension, cut off or damaged, even if
 * only after the last record.
 */
export async function* decodeSnapshot(
  index: SnapshotHead,
  bytes: AsyncIterable<Uint8Array>,
): AsyncIterable<VectorRecord> {
  const refuse = (problem: string): never => {
    throw new IndexSnapshotInvalidError({ index: index.name, problem });
  };
  let isStarted = false;
  let records = 0;
  let isEnded = false;
  for await (const { kind, content } of frames(bytes, refuse)) {
    if (isEnded) refuse('something follows its end');
    if (kind === KIND.head && !isStarted) {
      isStarted = true;
      assertSameModel(index, parse(content, refuse), refuse);
    } else if (kind === KIND.record && isStarted) {
      records += 1;
      yield decodeContent(content, index.dimension, refuse);
    } else if (kind === KIND.end && isStarted) {
      isEnded = true;
      const expected = parse(content, refuse)['records'];
      if (expected !== records) refuse(`it has ${records} records of ${truncateValue(expected)}`);
    } else refuse(`a part of an unknown kind ${kind} is in it`);
  }
  if (!isEnded) refuse(`it ends after ${records} records, before its end`);
}

async function* frames(
  bytes: AsyncIterable<Uint8Array>,
  refuse: (problem: string) => never,
): AsyncIterable<{ kind: number; content: Buffer }> {
  let buffer: Buffer = Buffer.alloc(0);
  let isMagicRead = false;
  for await (const piece of bytes) {
    buffer = buffer.length === 0 ? Buffer.from(piece) : Buffer.concat([buffer, piece]);
    if (!isMagicRead) {
      if (buffer.length < MAGIC.length) continue;
      if (!buffer.subarray(0, MAGIC.length).equals(MAGIC)) refuse('it does not begin as one does');
      buffer = buffer.subarray(MAGIC.length);
      isMagicRead = true;
    }
    let at = 0;
    while (buffer.length - at >= FRAME_HEADER) {
      const length = buffer.readUInt32LE(at + 4);
      if (length > MAX_FRAME) refuse(`it is damaged: a part claims ${length} bytes`);
      const end = at + FRAME_HEADER + length;
      if (buffer.length < end) break;
      const content = buffer.subarray(at + FRAME_HEADER, end);
      const kind = buffer.readUInt32LE(at);
      if (crc32(content, kind) !== buffer.readUInt32LE(at + 8)) refuse('a checksum is wrong');
      yield { kind, content };
      at = end;
    }
    buffer = buffer.subarray(at);
  }
  if (buffer.length > 0) refuse('it is cut off');
}

function frame(kind: number, content: Buffer): Buffer {
  const header = Buffer.alloc(FRAME_HEADER);
  header.writeUInt32LE(kind, 0);
  header.writeUInt32LE(content.length, 4);
  header.writeUInt32LE(crc32(content, kind), 8);
  return Buffer.concat([header, content]);
}

function encodeContent({ id, vector, text, metadata }: VectorRecord): Buffer {
  const parts = [id, text, JSON.stringify(metadata)].map((part) => Buffer.from(part, 'utf8'));
  const lengths = Buffer.alloc(12);
  for (const [at, part] of parts.entries()) lengths.writeUInt32LE(part.length, at * 4);
  const values = Buffer.alloc(vector.length * 4);
  for (const [at, value] of vector.entries()) values.writeFloatLE(value, at * 4);
  return Buffer.concat([lengths, values, ...parts]);
}

function decodeContent(
  content: Buffer,
  dimension: number,
  refuse: (problem: string) => never,
): VectorRecord {
  const start = 12 + dimension * 4;
  if (content.length < start) refuse('a record is too short for its vector');
  const [id, text, metadata] = [0, 4, 8].map((at) => content.readUInt32LE(at));
  const textAt = start + (id ?? 0);
  const metadataAt = textAt + (text ?? 0);
  if (metadataAt + (metadata ?? 0) !== content.length) refuse('the lengths of a record are wrong');
  return {
    id: content.toString('utf8', start, textAt),
    vector: Float32Array.from({ length: dimension }, (_, at) => content.readFloatLE(12 + at * 4)),
    text: content.toString('utf8', textAt, metadataAt),
    metadata: parse(content.subarray(metadataAt), refuse),
  };
}

function parse(content: Buffer, refuse: (problem: string) => never): JsonObject {
  try {
    return JSON.parse(content.toString('utf8')) as JsonObject;
  } catch {
    return refuse('a part of it is not JSON');
  }
}

function assertSameModel(
  wanted: SnapshotHead,
  found: JsonObject,
  refuse: (problem: string) => never,
): void {
  if (found['dimension'] === wanted.dimension && found['embedding'] === wanted.embedding) return;
  refuse(
    `it was made by ${truncateValue(found['embedding'])} (${truncateValue(found['dimension'])} dimensions), the index by "${wanted.embedding}" (${wanted.dimension} dimensions)`,
  );
}
