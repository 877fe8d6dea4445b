import type { JsonObject } from '@espalier/core';
import { kindOf, type FieldKind } from '../../stores/internal/field-kind.js';

const PREFIXES: Readonly<Record<FieldKind, string>> = {
  text: 'ft_',
  number: 'fn_',
  boolean: 'fb_',
};
/** Goes before texts: the empty text would not be indexed. */
const TEXT_MARK = 'v';

/** The property that holds a metadata field where its value is of a type; hexadecimal, so that any name is safe. */
export function propertyOf(field: string, kind: FieldKind): string {
  return PREFIXES[kind] + Buffer.from(field, 'utf8').toString('hex');
}

/** A text as Weaviate indexes it: hexadecimal UTF-8, which has the order of code points and nothing to trim. */
export function indexedText(text: string): string {
  return TEXT_MARK + Buffer.from(text, 'utf8').toString('hex');
}

/** The properties that hold the scalar fields of metadata. */
export function fieldProperties(
  metadata: JsonObject,
): Map<string, { kind: FieldKind; value: string | number | boolean }> {
  const found = new Map<string, { kind: FieldKind; value: string | number | boolean }>();
  for (const [field, value] of Object.entries(metadata)) {
    const kind = kindOf(value);
    if (kind === undefined) continue;
    const stored = typeof value === 'string' ? indexedText(value) : (value as number | boolean);
    found.set(propertyOf(field, kind), { kind, value: stored });
  }
  return found;
}
