import { compare, isIn } from './jinja-operators.js';
import {
  isDict,
  isEqual,
  isList,
  isNumber,
  itemsOf,
  JinjaFloat,
  JinjaTuple,
  JinjaUndefined,
  numberOf,
  type JinjaValue,
} from './jinja-value.js';

type Test = (value: JinjaValue, argument: JinjaValue) => boolean;

const equals: Test = (value, other) => isEqual(value, other);
const differs: Test = (value, other) => !isEqual(value, other);
const isText = (value: JinjaValue): value is string => typeof value === 'string';

/** Jinja's tests by their names. */
export const JINJA_TESTS: ReadonlyMap<string, Test> = new Map<string, Test>([
  ['defined', (value) => !(value instanceof JinjaUndefined)],
  ['undefined', (value) => value instanceof JinjaUndefined],
  ['none', (value) => value === null],
  ['string', isText],
  ['boolean', (value) => typeof value === 'boolean'],
  ['true', (value) => value === true],
  ['false', (value) => value === false],
  ['number', (value) => isNumber(value) || typeof value === 'boolean'],
  ['integer', (value) => typeof value === 'number'],
  ['float', (value) => value instanceof JinjaFloat],
  ['mapping', isDict],
  [
    'sequence',
    (value) => isText(value) || isList(value) || isDict(value) || value instanceof JinjaTuple,
  ],
  ['iterable', isIterable],
  ['callable', (value) => typeof value === 'function'],
  ['odd', (value) => Math.abs((numberOf(value) ?? 0) % 2) === 1],
  ['even', (value) => (numberOf(value) ?? 1) % 2 === 0],
  ['divisibleby', (value, by) => (numberOf(value) ?? 0) % (numberOf(by) ?? 1) === 0],
  ['upper', (value) => isText(value) && value === value.toUpperCase() && /\p{Lu}/u.test(value)],
  ['lower', (value) => isText(value) && value === value.toLowerCase() && /\p{Ll}/u.test(value)],
  ['sameas', (value, other) => value === other],
  ['in', isIn],
  ...['eq', 'equalto', '=='].map((name): [string, Test] => [name, equals]),
  ...['ne', '!='].map((name): [string, Test] => [name, differs]),
  ...['lt', 'lessthan', '<'].map((name): [string, Test] => [name, (a, b) => compare(a, b) < 0]),
  ...['le', '<='].map((name): [string, Test] => [name, (a, b) => compare(a, b) <= 0]),
  ...['gt', 'greaterthan', '>'].map((name): [string, Test] => [name, (a, b) => compare(a, b) > 0]),
  ...['ge', '>='].map((name): [string, Test] => [name, (a, b) => compare(a, b) >= 0]),
]);

function isIterable(value: JinjaValue): boolean {
  try {
    itemsOf(value);
    return true;
  } catch {
    return false;
  }
}
