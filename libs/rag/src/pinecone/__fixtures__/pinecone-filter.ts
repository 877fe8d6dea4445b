/** Metadata as Pinecone takes it. */
export type StoredMetadata = Readonly<Record<string, string | number | boolean | string[]>>;

/** What is wrong with a request. */
export class BadRequest extends Error {}

const ORDER: Readonly<Record<string, (found: number, value: number) => boolean>> = {
  $lt: (found, value) => found < value,
  $lte: (found, value) => found <= value,
  $gt: (found, value) => found > value,
  $gte: (found, value) => found >= value,
};

/**
 * Whether a record fits a filter of Pinecone's language.
 *
 * Written from its documentation: order of numbers only, `$in` of texts and numbers only, no negation but of
 * comparisons. @see https://docs.pinecone.io/guides/search/filter-by-metadata
 */
export function fitsFilter(metadata: StoredMetadata, filter: unknown): boolean {
  if (!isObject(filter)) throw new BadRequest('A filter must be an object.');
  return Object.entries(filter).every(([key, condition]) => {
    if (key === '$and' || key === '$or') {
      if (!Array.isArray(condition) || condition.length === 0)
        throw new BadRequest(`${key} needs a list that is not empty.`);
      const parts = condition.map((part) => fitsFilter(metadata, part));
      return key === '$and' ? parts.every(Boolean) : parts.some(Boolean);
    }
    if (key.startsWith('$')) throw new BadRequest(`${key} is no operator here.`);
    if (!isObject(condition)) throw new BadRequest(`The condition on ${key} must be an object.`);
    return Object.entries(condition).every(([operator, value]) =>
      compare(metadata[key], operator, value),
    );
  });
}

function compare(found: unknown, operator: string, value: unknown): boolean {
  const order = ORDER[operator];
  if (order !== undefined) {
    if (typeof value !== 'number') throw new BadRequest(`${operator} must be followed by a number.`);
    return typeof found === 'number' && order(found, value);
  }
  switch (operator) {
    case '$eq':
    case '$ne':
      if (!['string', 'number', 'boolean'].includes(typeof value))
        throw new BadRequest(`${operator} must be followed by a text, number or boolean.`);
      return (found === value) === (operator === '$eq');
    case '$in':
    case '$nin': {
      if (
        !Array.isArray(value) ||
        value.length === 0 ||
        !value.every((each) => ['string', 'number'].includes(typeof each))
      )
        throw new BadRequest(`${operator} must be followed by a list of texts or numbers.`);
      return value.includes(found) === (operator === '$in');
    }
    case '$exists':
      if (typeof value !== 'boolean') throw new BadRequest('$exists must be followed by a boolean.');
      return (found !== undefined) === value;
    default:
      throw new BadRequest(`${operator} is no operator.`);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
