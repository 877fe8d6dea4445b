/** One object of a collection. */
export interface StoredObject {
  readonly uuid: string;
  readonly vector: Float32Array;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A filter as it is on the wire; the numbers of operators are those of `base.proto`. */
export interface WireFilter {
  readonly operator: number;
  readonly filters: readonly WireFilter[];
  readonly valueText?: string;
  readonly valueInt?: number;
  readonly valueBoolean?: boolean;
  readonly valueNumber?: number;
  readonly valueTextArray?: { readonly values: readonly string[] };
  readonly target?: { readonly property?: string };
}

/** A collection: its schema and the objects of each tenant. */
export interface StoredCollection {
  readonly schema: {
    readonly class: string;
    readonly properties: { readonly name: string; readonly dataType: string[] }[];
    readonly multiTenancyConfig?: { readonly enabled?: boolean };
  };
  readonly tenants: Map<string, Map<string, StoredObject>>;
}

const OPERATOR = {
  equal: 1,
  notEqual: 2,
  greater: 3,
  greaterEqual: 4,
  less: 5,
  lessEqual: 6,
  and: 7,
  or: 8,
  isNull: 11,
  containsAny: 12,
} as const;

/** Whether an object fits; a comparison with a property that it lacks never does, as on an inverted index. */
export function fitsFilter(
  collection: StoredCollection,
  object: StoredObject,
  filter: WireFilter,
): boolean {
  const { operator, filters } = filter;
  if (operator === OPERATOR.and)
    return filters.every((inner) => fitsFilter(collection, object, inner));
  if (operator === OPERATOR.or)
    return filters.some((inner) => fitsFilter(collection, object, inner));
  const name = filter.target?.property ?? '';
  if (name === '_id') {
    const wanted = filter.valueTextArray?.values ?? [filter.valueText];
    return wanted.includes(object.uuid);
  }
  const property = collection.schema.properties.find((each) => each.name === name);
  if (property === undefined)
    throw new Error(`no such prop with name '${name}' found in class '${collection.schema.class}'`);
  const found = object.properties[name];
  if (operator === OPERATOR.isNull)
    return (found === undefined || found === null) === filter.valueBoolean;
  if (found === undefined || found === null) return false;
  const value = filter.valueText ?? filter.valueNumber ?? filter.valueInt ?? filter.valueBoolean;
  if (typeof found !== typeof value)
    throw new Error(`data type filter cannot be used on property '${name}'`);
  if (operator === OPERATOR.equal) return found === value;
  if (operator === OPERATOR.notEqual) return found !== value;
  const [one, other] = [found as string, value as string];
  if (operator === OPERATOR.greater) return one > other;
  if (operator === OPERATOR.greaterEqual) return one >= other;
  if (operator === OPERATOR.less) return one < other;
  if (operator === OPERATOR.lessEqual) return one <= other;
  throw new Error(`operator ${operator} is not answered here`);
}

/** 1 minus the cosine of two vectors, as Weaviate tells it. */
export function distanceOf(first: Float32Array, second: Float32Array): number {
  let dot = 0;
  let one = 0;
  let other = 0;
  for (const [at, value] of first.entries()) {
    const against = second[at] ?? 0;
    dot += value * against;
    one += value * value;
    other += against * against;
  }
  return one === 0 || other === 0 ? 1 : 1 - dot / Math.sqrt(one * other);
}
