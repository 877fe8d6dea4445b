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

/**
 * Returns the text of UTF-8 bytes (or UTF-16 with a byte order mark), without the mark.
 *
 * @throws {DocumentEmptyError} `ERR_RAG_DOCUMENT_EMPTY`: nothing but white space.
 * @throws {MediaTypeUnsupportedError} `ERR_RAG_MEDIA_TYPE_UNSUPPORTED`: binary data.
 * @throws {DocumentEncodingError} `ERR_RAG_DOCUMENT_ENCODING`: not valid in its encoding.
 */
export function decodeText(options: { bytes: Uint8Array; source: string }): string {
  const { bytes, source } = options;
  const encoding = encodingOf(bytes);
  const signature = SIGNATURES.find(([, magic]) =>
    magic.every((byte, index) => bytes[index] === byte),
  );
  if (signature !== undefined) {
    throw new MediaTypeUnsupportedError({
      source,
      problem: `its bytes are those of ${signature[0]}`,
    });
  }
  if (encoding === 'utf-8' && bytes.includes(0)) {
    throw new MediaTypeUnsupportedError({ source, problem: 'its bytes are binary data, not text' });
  }
  let text: string;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new DocumentEncodingError({ source, encoding: encoding.toUpperCase(), cause });
  }
  if (text.trim() === '') throw new DocumentEmptyError({ source });
  return text;
}

function encodingOf(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}
