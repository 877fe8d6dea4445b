import { crc32 } from 'node:zlib';
import type { JsonObject, VectorRecord } from '@espalier/core';

/** Bytes before the content of an entry: checksum, kind and three lengths, each 32 bits, little-endian. */
export const ENTRY_HEADER = 20;
/** Kinds of entries. */
export const ENTRY = { record: 1, erasure: 2, wiped: 3 } as const;

/** The head of an entry. */
export interface EntryHeader {
  readonly checksum: number;
  readonly kind: number;
  /** Bytes of id, text and metadata; of an erasure, the first is its number of addresses. */
  readonly lengths: readonly [number, number, number];
}

/** Bytes of an entry after its header; undefined where the kind is unknown. */
export function contentLength(header: EntryHeader, dimension: number): number | undefined {
  const [first, second, third] = header.lengths;
  if (header.kind === ENTRY.erasure) return first * 8;
  if (header.kind !== ENTRY.record && header.kind !== ENTRY.wiped) return undefined;
  return dimension * 4 + first + second + third;
}

/** Reads the header at a position. */
export function readHeader(bytes: Buffer, at: number): EntryHeader {
  return {
    checksum: bytes.readUInt32LE(at),
    kind: bytes.readUInt32LE(at + 4),
    lengths: [bytes.readUInt32LE(at + 8), bytes.readUInt32LE(at + 12), bytes.readUInt32LE(at + 16)],
  };
}

/** Whether the checksum of a whole entry is right; that of a wiped one covers the header only. */
export function isIntact(entry: Buffer, header: EntryHeader): boolean {
  const covered = header.kind === ENTRY.wiped ? entry.subarray(4, ENTRY_HEADER) : entry.subarray(4);
  return crc32(covered) === header.checksum;
}

function writeHeader(entry: Buffer, kind: number, lengths: readonly number[]): void {
  entry.writeUInt32LE(kind, 4);
  for (const [index, length] of lengths.entries()) entry.writeUInt32LE(length, 8 + index * 4);
}

/** A record that is ready to be written: header, vector, id, text, metadata as JSON. */
export interface EncodedRecord {
  readonly bytes: number;
  /** Writes the entry; `target` has room for it at the position. */
  write(target: Buffer, position: number): void;
}

/** Prepares a record. */
export function encodeRecord({ id, vector, text, metadata }: VectorRecord): EncodedRecord {
  const parts = [id, text, JSON.stringify(metadata)];
  const lengths = parts.map((part) => Buffer.byteLength(part));
  const start = ENTRY_HEADER + vector.byteLength;
  const bytes = lengths.reduce((sum, length) => sum + length, start);
  return {
    bytes,
    write(target, position) {
      const entry = target.subarray(position, position + bytes);
      writeHeader(entry, ENTRY.record, lengths);
      entry.set(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength), ENTRY_HEADER);
      let at = start;
      for (const part of parts) at += entry.write(part, at);
      entry.writeUInt32LE(crc32(entry.subarray(4)), 0);
    },
  };
}

/** Takes bytes that are encoded already. */
export function encoded(entry: Buffer): EncodedRecord {
  return {
    bytes: entry.length,
    write: (target, position) => {
      entry.copy(target, position);
    },
  };
}

/** Reads a record from its whole entry. */
export function decodeRecord(entry: Buffer, header: EntryHeader, dimension: number): VectorRecord {
  const vector = new Float32Array(dimension);
  new Uint8Array(vector.buffer).set(entry.subarray(ENTRY_HEADER, ENTRY_HEADER + dimension * 4));
  return { ...decodeMatch(entry, header, dimension), vector };
}

/** Reads all of a record but its vector. */
export function decodeMatch(
  entry: Buffer,
  { lengths: [idLength, textLength] }: EntryHeader,
  dimension: number,
): Omit<VectorRecord, 'vector'> {
  const idAt = ENTRY_HEADER + dimension * 4;
  const textAt = idAt + idLength;
  const metadataAt = textAt + textLength;
  return {
    id: entry.toString('utf8', idAt, textAt),
    text: entry.toString('utf8', textAt, metadataAt),
    metadata: JSON.parse(entry.toString('utf8', metadataAt)) as JsonObject,
  };
}

/** Returns the bytes of a list of erased addresses. */
export function encodeErasure(addresses: readonly number[]): Buffer {
  const entry = Buffer.alloc(ENTRY_HEADER + addresses.length * 8);
  writeHeader(entry, ENTRY.erasure, [addresses.length, 0, 0]);
  for (const [index, address] of addresses.entries())
    entry.writeDoubleLE(address, ENTRY_HEADER + index * 8);
  entry.writeUInt32LE(crc32(entry.subarray(4)), 0);
  return entry;
}

/** The addresses of an erasure. */
export function decodeErasure(entry: Buffer, header: EntryHeader): number[] {
  return Array.from({ length: header.lengths[0] }, (_, index) =>
    entry.readDoubleLE(ENTRY_HEADER + index * 8),
  );
}

/** Returns what a wiped record of these lengths is overwritten with. */
export function encodeWiped(header: EntryHeader, dimension: number): Buffer {
  const wiped = { ...header, kind: ENTRY.wiped };
  const entry = Buffer.alloc(ENTRY_HEADER + (contentLength(wiped, dimension) ?? 0));
  writeHeader(entry, ENTRY.wiped, header.lengths);
  entry.writeUInt32LE(crc32(entry.subarray(4, ENTRY_HEADER)), 0);
  return entry;
}
