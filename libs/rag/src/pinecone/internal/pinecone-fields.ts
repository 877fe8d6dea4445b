import type { JsonObject } from '@espalier/core';
import type { RecordMetadata } from '@pinecone-database/pinecone';
import { kindOf, type FieldKind } from '../../stores/internal/field-kind.js';

/** Where the text and the metadata of a record are. */
export const TEXT_FIELD = 'text';
export const METADATA_FIELD = 'metadata';

const PREFIXES: Readonly<Record<FieldKind, string>> = { text: 's_', number: 'n_', boolean: 'b_' };
const ORDER_PREFIX = 'o_';
/** So many bytes fit a number exactly. */
const ORDER_BYTES = 6;

/** The field that holds a metadata field where its value is of a type; hexadecimal, so that any name is safe. */
export function fieldOf(field: string, kind: FieldKind): string {
  return PREFIXES[kind] + Buffer.from(field, 'utf8').toString('hex');
}

/** The field that holds the place of a text in the order of texts, as far as its first bytes tell: Pinecone orders numbers only. */
export function orderFieldOf(field: string): string {
  return ORDER_PREFIX + Buffer.from(field, 'utf8').toString('hex');
}

/** A number that is less for one text than for another only where the text is. */
export function orderOf(text: string): number {
  const bytes = Buffer.alloc(ORDER_BYTES);
  // One more, so that no character is cut in two.
  Buffer.from(text.slice(0, ORDER_BYTES + 1), 'utf8').copy(bytes);
  return bytes.readUIntBE(0, ORDER_BYTES);
}

/** A record's text and metadata as Pinecone's metadata. */
export function toPineconeMetadata(text: string, metadata: JsonObject): RecordMetadata {
  const stored: RecordMetadata = {
    [TEXT_FIELD]: text,
    [METADATA_FIELD]: JSON.stringify(metadata),
  };
  for (const [field, value] of Object.entries(metadata)) {
    const kind = kindOf(value);
    if (kind === undefined) continue;
    stored[fieldOf(field, kind)] = value as string | number | boolean;
    if (typeof value === 'string') stored[orderFieldOf(field)] = orderOf(value);
  }
  return stored;
}
