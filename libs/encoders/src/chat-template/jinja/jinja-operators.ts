import {
  isDict,
  isEqual,
  isList,
  itemsOf,
  JinjaFloat,
  JinjaTuple,
  JinjaUndefined,
  numberOf,
  typeName,
  type JinjaValue,
} from './jinja-value.js';
import { toText } from './python-text.js';

const LONGEST_REPEAT = 1_000_000;

/** Computes what a binary operator of Jinja gives. @throws {TypeError} The operands do not fit. */
export function applyOperator(operator: string, left: JinjaValue, right: JinjaValue): JinjaValue {
  switch (operator) {
    case '~':
      return toText(left) + toText(right);
    case '==':
      return isEqual(left, right);
    case '!=':
      return !isEqual(left, right);
    case 'in':
      return isIn(left, right);
    case 'not in':
      return !isIn(left, right);
    case '<':
      return compare(left, right) < 0;
    case '<=':
      return compare(left, right) <= 0;
    case '>':
      return compare(left, right) > 0;
    case '>=':
      return compare(left, right) >= 0;
    default:
      return arithmetic(operator, left, right);
  }
}

/** Orders two values as Python does: below, at or above 0. @throws {TypeError} They have no order. */
export function compare(left: JinjaValue, right: JinjaValue): number {
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a !== undefined && b !== undefined) return a - b;
  if (typeof left === 'string' && typeof right === 'string') return compareText(left, right);
  const [first, second] = [sequenceOf(left), sequenceOf(right)];
  if (first !== undefined && second !== undefined) {
    for (let index = 0; index < Math.min(first.length, second.length); index += 1) {
      const [x, y] = [first[index] ?? null, second[index] ?? null];
      if (!isEqual(x, y)) return compare(x, y);
    }
    return first.length - second.length;
  }
  throw unfit('<', left, right);
}

function compareText(left: string, right: string): number {
  const [a, b] = [Array.from(left), Array.from(right)];
  for (let index = 0; index < Math.min(a.length, b.length); index += 1) {
    const difference = (a[index]?.codePointAt(0) ?? 0) - (b[index]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Whether Python's `in` holds. */
export function isIn(item: JinjaValue, container: JinjaValue): boolean {
  if (typeof container === 'string') {
    if (typeof item !== 'string')
      throw new TypeError(`'in <string>' requires string as left operand, not ${typeName(item)}`);
    return container.includes(item);
  }
  if (isDict(container)) return container.has(item);
  return itemsOf(container).some((each) => isEqual(each, item));
}

function arithmetic(operator: string, left: JinjaValue, right: JinjaValue): JinjaValue {
  for (const side of [left, right])
    if (side instanceof JinjaUndefined) throw new TypeError(`'${side.name}' is undefined`);
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a !== undefined && b !== undefined) {
    const isFloat = left instanceof JinjaFloat || right instanceof JinjaFloat;
    return numeric(operator, a, b, isFloat);
  }
  if (operator === '+') {
    if (typeof left === 'string' && typeof right === 'string') return left + right;
    if (isList(left) && isList(right)) return [...left, ...right];
    if (left instanceof JinjaTuple && right instanceof JinjaTuple)
      return new JinjaTuple([...left.items, ...right.items]);
    if (typeof left === 'string')
      throw new TypeError(`can only concatenate str (not "${typeName(right)}") to str`);
  }
  if (operator === '*') {
    const [sequence, count] = a === undefined ? [left, b] : [right, a];
    if (count !== undefined) return repeated(sequence, count, () => unfit(operator, left, right));
  }
  throw unfit(operator, left, right);
}

function repeated(sequence: JinjaValue, count: number, fail: () => TypeError): JinjaValue {
  const times = Math.max(0, Math.trunc(count));
  if (typeof sequence === 'string') {
    if (times * sequence.length > LONGEST_REPEAT)
      throw new RangeError('a text is repeated too often');
    return sequence.repeat(times);
  }
  if (!isList(sequence)) throw fail();
  if (times * sequence.length > LONGEST_REPEAT)
    throw new RangeError('a list is repeated too often');
  const items: JinjaValue[] = [];
  for (let time = 0; time < times; time += 1) items.push(...sequence);
  return items;
}

function numeric(operator: string, a: number, b: number, isFloat: boolean): JinjaValue {
  const result = (value: number): JinjaValue => (isFloat ? new JinjaFloat(value) : value);
  if (['/', '//', '%'].includes(operator) && b === 0) throw new RangeError('division by zero');
  switch (operator) {
    case '+':
      return result(a + b);
    case '-':
      return result(a - b);
    case '*':
      return result(a * b);
    case '/':
      return new JinjaFloat(a / b);
    case '//':
      return result(Math.floor(a / b));
    case '%':
      return result(a - Math.floor(a / b) * b);
    case '**':
      return b < 0 ? new JinjaFloat(a ** b) : result(a ** b);
    default:
      throw new SyntaxError(`unknown operator ${operator}`);
  }
}

function sequenceOf(value: JinjaValue): readonly JinjaValue[] | undefined {
  if (value instanceof JinjaTuple) return value.items;
  return isList(value) ? value : undefined;
}

function unfit(operator: string, left: JinjaValue, right: JinjaValue): TypeError {
  return new TypeError(
    `unsupported operand type(s) for ${operator}: '${typeName(left)}' and '${typeName(right)}'`,
  );
}
