import { crc32 } from 'node:zlib';

/** Bytes of one head; a file begins with two, written in turn, so that one of them is always whole. */
export const HEAD_BYTES = 4096;
/** Where entries begin. */
export const FIRST_ENTRY = 2 * HEAD_BYTES;

const VERSION = 1;
const PREFIX = 12;
const MAGIC = 0x58_44_49_53;

/** What a file says about itself. */
export interface FileHead {
  readonly dimension: number;
  readonly embedding: string;
  /** Counts commits; the head with the greater number is the valid one. */
  readonly commits: number;
  /** Bytes of the file that are committed; what follows is the rest of a write that did not end. */
  readonly length: number;
}

/** Returns the bytes of a head, or undefined where the name of the embedding does not fit. */
export function encodeHead(head: FileHead): Buffer | undefined {
  const json = Buffer.from(JSON.stringify({ version: VERSION, ...head }));
  if (json.length > HEAD_BYTES - PREFIX) return undefined;
  const bytes = Buffer.alloc(HEAD_BYTES);
  bytes.writeUInt32LE(MAGIC, 0);
  bytes.writeUInt32LE(crc32(json), 4);
  bytes.writeUInt32LE(json.length, 8);
  json.copy(bytes, PREFIX);
  return bytes;
}

/** The valid head of the two at the beginning of a file; undefined where neither is whole. */
export function decodeHeads(bytes: Buffer): FileHead | undefined {
  return [0, HEAD_BYTES]
    .flatMap((at) => decodeHead(bytes.subarray(at, at + HEAD_BYTES)) ?? [])
    .sort((a, b) => b.commits - a.commits)[0];
}

function decodeHead(bytes: Buffer): FileHead | undefined {
  if (bytes.length < HEAD_BYTES || bytes.readUInt32LE(0) !== MAGIC) return undefined;
  const json = bytes.subarray(PREFIX, PREFIX + Math.min(bytes.readUInt32LE(8), HEAD_BYTES));
  if (crc32(json) !== bytes.readUInt32LE(4)) return undefined;
  const head = JSON.parse(json.toString('utf8')) as FileHead & { version: number };
  return head.version === VERSION ? head : undefined;
}
