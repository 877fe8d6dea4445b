import type { Filter, FilterScalar, JsonObject, JsonValue, Random } from '@espalier/core';

const FIELDS = ['a', 'b', 'tenant', 'odd "field\'s" näme', 'principal'] as const;
const TEXTS = [
  '',
  'x',
  'y',
  'Z',
  '10',
  'true',
  "it's",
  '%_',
  'ä',
  '漢字',
  '😀',
  'back\\slash',
  'a"b',
];
const NUMBERS = [-1.5, 0, 0.1, 1, 2, 10, 1e-7, 123_456_789.25];
const MAX_DEPTH = 3;

const pick = <T>(random: Random, values: readonly T[]): T => {
  const value = values[Math.floor(random.next() * values.length)];
  if (value === undefined) throw new RangeError('There is nothing to pick from.');
  return value;
};

function drawScalar(random: Random): FilterScalar {
  const kind = random.next();
  if (kind < 0.5) return pick(random, TEXTS);
  return kind < 0.8 ? pick(random, NUMBERS) : random.next() < 0.5;
}

/** Draws metadata in which fields are of different types, null, nested or absent; filters of {@link drawFilter} fit some. */
export function drawMetadata(random: Random): JsonObject {
  const metadata: Record<string, JsonValue> = {};
  for (const field of FIELDS) {
    const kind = random.next();
    if (kind < 0.7) metadata[field] = drawScalar(random);
    else if (kind < 0.75) metadata[field] = null;
    else if (kind < 0.8) metadata[field] = [pick(random, TEXTS), 1];
    else if (kind < 0.85) metadata[field] = { inner: pick(random, TEXTS) };
  }
  return metadata;
}

/** Draws a filter of all operators, at most four levels deep, over fields that records have, lack, or never have. */
export function drawFilter(random: Random, depth = 0): Filter {
  const kind = random.next();
  if (depth < MAX_DEPTH && kind < 0.45) {
    if (kind < 0.15) return { op: 'not', filter: drawFilter(random, depth + 1) };
    const filters = Array.from({ length: Math.floor(random.next() * 4) }, () =>
      drawFilter(random, depth + 1),
    );
    return { op: kind < 0.3 ? 'and' : 'or', filters };
  }
  const field = random.next() < 0.05 ? 'never' : pick(random, FIELDS);
  switch (pick(random, ['eq', 'ne', 'order', 'in', 'nin', 'exists'] as const)) {
    case 'eq':
      return { field, op: 'eq', value: drawScalar(random) };
    case 'ne':
      return { field, op: 'ne', value: drawScalar(random) };
    case 'order': {
      const value = random.next() < 0.5 ? pick(random, TEXTS) : pick(random, NUMBERS);
      return { field, op: pick(random, ['lt', 'lte', 'gt', 'gte'] as const), value };
    }
    case 'in':
      return { field, op: 'in', values: drawScalars(random) };
    case 'nin':
      return { field, op: 'nin', values: drawScalars(random) };
    case 'exists':
      return { field, op: 'exists', value: random.next() < 0.5 };
  }
}

function drawScalars(random: Random): FilterScalar[] {
  return Array.from({ length: Math.floor(random.next() * 4) }, () => drawScalar(random));
}
