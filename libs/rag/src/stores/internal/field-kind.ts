/** The type of a scalar of metadata: stores that index types apart keep a field of each. */
export type FieldKind = 'text' | 'number' | 'boolean';

/** All of them. */
export const FIELD_KINDS: readonly FieldKind[] = ['text', 'number', 'boolean'];

/** The comparison that holds of a value where this one does not: what a negation of it becomes. */
export const OPPOSITE_ORDERS = { lt: 'gte', lte: 'gt', gt: 'lte', gte: 'lt' } as const;

/** The type of a value; undefined for what cannot be filtered on. */
export function kindOf(value: unknown): FieldKind | undefined {
  if (typeof value === 'string') return 'text';
  if (typeof value === 'number') return 'number';
  return typeof value === 'boolean' ? 'boolean' : undefined;
}
