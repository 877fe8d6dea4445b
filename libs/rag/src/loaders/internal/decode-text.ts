import type { Warning } from '@espalier/core';
import {
  DocumentEmptyError,
  DocumentEncodingError,
  MediaTypeUnsupportedError,
} from '../../errors.js';

const SIGNATURES: readonly (readonly [string, readonly number[]])[] = [
  ['a PDF', [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ['a ZIP archive or an Office file', [0x50, 0x4b, 0x03, 0x04]],
  ['a PNG image', [0x89, 0x50, 0x4e, 0x47]],
  ['a JPEG image', [0xff, 0xd8, 0xff]],
  ['a GIF image', [0x47, 0x49, 0x46, 0x38]],
  ['a gzip archive', [0x1f, 0x8b]],
  ['a program', [0x7f, 0x45, 0x4c, 0x46]],
];
/** So many bytes tell whether a text without a mark is UTF-16. */
const SAMPLE_BYTES = 4096;
const MIN_SAMPLE_BYTES = 8;
/** Share of NUL bytes at every second place that only UTF-16 of a mostly Latin text has. */
const UTF16_NULS = 0.6;

/** What {@link decodeText} takes. */
export interface DecodeTextOptions {
  readonly bytes: Uint8Array;
  readonly source: string;
  /** The encoding that the document or its sender names; a mark at its beginning has precedence. */
  readonly declared?: string | undefined;
  /** What bytes that are not valid UTF-8 are read as, with a warning; without it they are an error. */
  readonly fallbackEncoding?: string | undefined;
}

/**
 * Returns the text of bytes: UTF-8, UTF-16 (with or without a byte order mark) or what is declared, without the mark.
 *
 * @throws {DocumentEmptyError} `ERR_RAG_DOCUMENT_EMPTY`: nothing but white space.
 * @throws {MediaTypeUnsupportedError} `ERR_RAG_MEDIA_TYPE_UNSUPPORTED`: binary data.
 * @throws {DocumentEncodingError} `ERR_RAG_DOCUMENT_ENCODING`: not valid in its encoding.
 */
export function decodeText(options: DecodeTextOptions): {
  text: string;
  warnings: readonly Warning[];
} {
  const { bytes, source, fallbackEncoding } = options;
  const signature = SIGNATURES.find(([, magic]) =>
    magic.every((byte, index) => bytes[index] === byte),
  );
  if (signature !== undefined) {
    throw new MediaTypeUnsupportedError({
      source,
      problem: `its bytes are those of ${signature[0]}`,
    });
  }
  const warnings: Warning[] = [];
  const encoding = encodingOf(bytes) ?? declaredDecoder(options.declared, warnings) ?? 'utf-8';
  if (!encoding.startsWith('utf-16') && bytes.includes(0)) {
    throw new MediaTypeUnsupportedError({ source, problem: 'its bytes are binary data, not text' });
  }
  const text = decode(bytes, encoding, (cause) => {
    if (fallbackEncoding === undefined || encoding.startsWith('utf-16'))
      throw new DocumentEncodingError({ source, encoding: encoding.toUpperCase(), cause });
    warnings.push({
      message: `The document is not valid ${encoding.toUpperCase()} and was read as ${fallbackEncoding}. Characters beyond ASCII may be wrong.`,
    });
    return decode(bytes, fallbackEncoding, (problem) => {
      throw new DocumentEncodingError({ source, encoding: fallbackEncoding, cause: problem });
    });
  });
  if (text.trim() === '') throw new DocumentEmptyError({ source });
  return { text, warnings };
}

function decode(
  bytes: Uint8Array,
  encoding: string,
  onInvalid: (cause: unknown) => string,
): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    return onInvalid(cause);
  }
}

/** The encoding that the bytes themselves tell. */
function encodingOf(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  const length = Math.min(bytes.length, SAMPLE_BYTES) & ~1;
  const nuls = [0, 0];
  for (let at = 0; at < length; at += 1)
    if (bytes[at] === 0) nuls[at % 2] = (nuls[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = nuls;
  const isMany = (count: number): boolean =>
    length >= MIN_SAMPLE_BYTES && count / (length / 2) >= UTF16_NULS;
  if (even === 0 && isMany(odd)) return 'utf-16le';
  if (odd === 0 && isMany(even)) return 'utf-16be';
  return undefined;
}

function declaredDecoder(declared: string | undefined, warnings: Warning[]): string | undefined {
  if (declared === undefined) return undefined;
  try {
    return new TextDecoder(declared).encoding;
  } catch {
    warnings.push({
      message: `The encoding "${declared.slice(0, 40)}" that the document names is not known; it was read as UTF-8.`,
    });
    return undefined;
  }
}
