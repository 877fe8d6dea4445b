/**
 * The key of a record as hexadecimal: its UTF-16 code units, big-endian.
 *
 * Bytes are compared as bytes, so that keys have the order that the port asks for, and every text can be an id.
 */
export function keyOf(id: string): string {
  return Buffer.from(id, 'utf16le').swap16().toString('hex');
}

/** The id that a key stands for. */
export function idOf(key: string): string {
  return Buffer.from(key, 'hex').swap16().toString('utf16le');
}
