import type { JsonValue } from '@espalier/core';

/** What a template computes with: Python's values. Whole numbers are plain; `JinjaFloat` keeps `1.0` apart from `1`. */
export type JinjaValue =
  | string
  | number
  | boolean
  | null
  | JinjaUndefined
  | JinjaFloat
  | readonly JinjaValue[]
  | JinjaTuple
  | JinjaDict
  | JinjaNamespace
  | JinjaFunction;

/** A dictionary, in the order in which its keys came. */
export type JinjaDict = ReadonlyMap<JinjaValue, JinjaValue>;

/** Something a template may call, with positional and named arguments. */
export type JinjaFunction = (
  args: readonly JinjaValue[],
  named: ReadonlyMap<string, JinjaValue>,
) => JinjaValue;

/** A name or attribute that is not there: empty when printed, and an error when something is asked of it. */
export class JinjaUndefined {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** A floating-point number. */
export class JinjaFloat {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** A sequence that prints in parentheses. */
export class JinjaTuple {
  readonly items: readonly JinjaValue[];

  constructor(items: readonly JinjaValue[]) {
    this.items = items;
  }
}

/** The one thing whose attributes a template may set. */
export class JinjaNamespace {
  readonly attributes: Map<string, JinjaValue>;

  constructor(attributes: Map<string, JinjaValue>) {
    this.attributes = attributes;
  }
}

/** Takes a value of JSON into a template; a `JinjaFloat` in it stays one. */
export function fromJson(value: JsonValue): JinjaValue {
  if (value instanceof JinjaFloat) return value;
  if (typeof value === 'number') return Number.isInteger(value) ? value : new JinjaFloat(value);
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(fromJson);
  return new Map(Object.entries(value).map(([key, item]) => [key, fromJson(item)]));
}

export const isList = (value: JinjaValue): value is readonly JinjaValue[] => Array.isArray(value);
export const isDict = (value: JinjaValue): value is JinjaDict => value instanceof Map;
export const isNumber = (value: JinjaValue): value is number | JinjaFloat =>
  typeof value === 'number' || value instanceof JinjaFloat;

/** The number that a number or a truth value counts as; undefined for anything else. */
export function numberOf(value: JinjaValue): number | undefined {
  if (typeof value === 'number') return value;
  if (value instanceof JinjaFloat) return value.value;
  return typeof value === 'boolean' ? Number(value) : undefined;
}

/** Python's name for the type of a value. */
export function typeName(value: JinjaValue): string {
  if (value === null) return 'NoneType';
  if (typeof value === 'string') return 'str';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return 'int';
  if (typeof value === 'function') return 'function';
  if (value instanceof JinjaFloat) return 'float';
  if (value instanceof JinjaTuple) return 'tuple';
  if (value instanceof JinjaUndefined) return 'Undefined';
  if (value instanceof JinjaNamespace) return 'Namespace';
  return isList(value) ? 'list' : 'dict';
}

/** Whether a value counts as true. */
export function isTruthy(value: JinjaValue): boolean {
  if (value instanceof JinjaUndefined || value === null) return false;
  if (value instanceof JinjaFloat) return value.value !== 0;
  if (value instanceof JinjaTuple) return value.items.length > 0;
  if (isList(value)) return value.length > 0;
  if (isDict(value)) return value.size > 0;
  return value instanceof JinjaNamespace || Boolean(value);
}

/** Whether Python's `==` holds. */
export function isEqual(a: JinjaValue, b: JinjaValue): boolean {
  if (a === b) return true;
  const [left, right] = [numberOf(a), numberOf(b)];
  if (left !== undefined || right !== undefined) return left === right;
  if (a instanceof JinjaUndefined) return b instanceof JinjaUndefined;
  if (a instanceof JinjaTuple) return b instanceof JinjaTuple && areEqual(a.items, b.items);
  if (isList(a)) return isList(b) && areEqual(a, b);
  if (!isDict(a) || !isDict(b) || a.size !== b.size) return false;
  return [...a].every(([key, value]) => {
    const other = b.get(key);
    return other !== undefined && isEqual(value, other);
  });
}

function areEqual(a: readonly JinjaValue[], b: readonly JinjaValue[]): boolean {
  return a.length === b.length && a.every((item, index) => isEqual(item, b[index] ?? null));
}

/** The elements of something that can be gone through. @throws {TypeError} It cannot. */
export function itemsOf(value: JinjaValue): readonly JinjaValue[] {
  if (value instanceof JinjaUndefined) return [];
  if (typeof value === 'string') return Array.from(value);
  if (value instanceof JinjaTuple) return value.items;
  if (isList(value)) return value;
  if (isDict(value)) return [...value.keys()];
  throw new TypeError(`'${typeName(value)}' object is not iterable`);
}
