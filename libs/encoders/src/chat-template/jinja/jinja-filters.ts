import { capitalizeText, replaceText, strip, textOf, titleText } from './jinja-methods.js';
import { compare } from './jinja-operators.js';
import { JINJA_TESTS } from './jinja-tests.js';
import {
  isDict,
  isEqual,
  isTruthy,
  itemsOf,
  JinjaFloat,
  JinjaTuple,
  JinjaUndefined,
  numberOf,
  typeName,
  type JinjaValue,
} from './jinja-value.js';
import { toPythonJson } from './python-json.js';
import { toText } from './python-text.js';

/** Arguments of a filter behind the value that it is applied to. */
export interface FilterCall {
  readonly args: readonly JinjaValue[];
  readonly named: ReadonlyMap<string, JinjaValue>;
  /** Applies another filter by its name. */
  readonly apply: (name: string, value: JinjaValue, args: readonly JinjaValue[]) => JinjaValue;
  /** Reads an attribute, or what a path with dots leads to. */
  readonly attribute: (value: JinjaValue, path: JinjaValue) => JinjaValue;
}
type Filter = (value: JinjaValue, call: FilterCall) => JinjaValue;

const argument = (
  { args, named }: FilterCall,
  place: number,
  name: string,
): JinjaValue | undefined => named.get(name) ?? args[place];

const text =
  (change: (text: string) => string): Filter =>
  (value) =>
    change(toText(value));

/** Jinja's filters by their names; `tojson` is that of transformers. */
export const JINJA_FILTERS: ReadonlyMap<string, Filter> = new Map<string, Filter>([
  ['trim', (value, call) => strip(toText(value), argument(call, 0, 'chars'), true, true)],
  ['upper', text((value) => value.toUpperCase())],
  ['lower', text((value) => value.toLowerCase())],
  ['title', text(titleText)],
  ['capitalize', text(capitalizeText)],
  ['string', text((value) => value)],
  ['safe', (value) => value],
  ['escape', text(escapeHtml)],
  ['e', text(escapeHtml)],
  ['replace', replace],
  ['indent', indent],
  ['tojson', toJson],
  ['length', lengthOf],
  ['count', lengthOf],
  ['list', (value) => itemsOf(value)],
  ['first', (value) => itemsOf(value)[0] ?? new JinjaUndefined('first')],
  ['last', (value) => itemsOf(value).at(-1) ?? new JinjaUndefined('last')],
  ['reverse', reverse],
  ['join', join],
  ['unique', unique],
  ['sort', sort],
  ['items', items],
  ['dictsort', (value) => [...itemsOf(items(value))].sort(compare)],
  ['default', defaultOf],
  ['d', defaultOf],
  ['int', (value, call) => toInteger(value) ?? argument(call, 0, 'default') ?? 0],
  ['float', (value, call) => toFloat(value) ?? argument(call, 0, 'default') ?? new JinjaFloat(0)],
  ['abs', (value) => likeNumber(value, Math.abs)],
  ['round', round],
  ['sum', sum],
  ['min', (value) => [...itemsOf(value)].sort(compare)[0] ?? new JinjaUndefined('min')],
  ['max', (value) => [...itemsOf(value)].sort(compare).at(-1) ?? new JinjaUndefined('max')],
  ['wordcount', (value) => toText(value).match(/[\p{L}\p{N}_]+/gu)?.length ?? 0],
  ['map', map],
  ['select', (value, call) => selected(value, call, 0, true)],
  ['reject', (value, call) => selected(value, call, 0, false)],
  ['selectattr', (value, call) => selected(value, call, 1, true)],
  ['rejectattr', (value, call) => selected(value, call, 1, false)],
]);

function escapeHtml(value: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&#34;',
    "'": '&#39;',
  };
  return value.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

function replace(value: JinjaValue, call: FilterCall): JinjaValue {
  const [from, to] = [argument(call, 0, 'old'), argument(call, 1, 'new')];
  return replaceText(toText(value), textOf(from), textOf(to), argument(call, 2, 'count'));
}

function indent(value: JinjaValue, call: FilterCall): JinjaValue {
  const width = argument(call, 0, 'width') ?? 4;
  const space = typeof width === 'string' ? width : ' '.repeat(numberOf(width) ?? 4);
  const first = isTruthy(argument(call, 1, 'first') ?? false);
  const blank = isTruthy(argument(call, 2, 'blank') ?? false);
  const [head = '', ...lines] = toText(value).split('\n');
  const indented = lines.map((line) => (line === '' && !blank ? line : space + line));
  return [(first ? space : '') + head, ...indented].join('\n');
}

function toJson(value: JinjaValue, call: FilterCall): JinjaValue {
  const width = argument(call, 1, 'indent') ?? null;
  const separators = argument(call, 2, 'separators') ?? null;
  const pair = separators === null ? undefined : itemsOf(separators).map(textOf);
  return toPythonJson(value, {
    indent:
      width === null
        ? undefined
        : typeof width === 'string'
          ? width
          : ' '.repeat(numberOf(width) ?? 0),
    itemSeparator: pair?.[0] ?? (width === null ? ', ' : ','),
    keySeparator: pair?.[1] ?? ': ',
    ensuresAscii: isTruthy(argument(call, 0, 'ensure_ascii') ?? false),
    sortsKeys: isTruthy(argument(call, 3, 'sort_keys') ?? false),
  });
}

function lengthOf(value: JinjaValue): JinjaValue {
  return isDict(value) ? value.size : itemsOf(value).length;
}

function reverse(value: JinjaValue): JinjaValue {
  const reversed = itemsOf(value).toReversed();
  return typeof value === 'string' ? reversed.map(toText).join('') : reversed;
}

function join(value: JinjaValue, call: FilterCall): JinjaValue {
  const attribute = argument(call, 1, 'attribute');
  const mark = toText(argument(call, 0, 'd') ?? '');
  return itemsOf(value)
    .map((item) => toText(attribute === undefined ? item : call.attribute(item, attribute)))
    .join(mark);
}

function unique(value: JinjaValue): JinjaValue {
  const key = (item: JinjaValue): JinjaValue =>
    typeof item === 'string' ? item.toLowerCase() : item;
  const seen: JinjaValue[] = [];
  return itemsOf(value).filter((item) => {
    const isNew = !seen.some((each) => isEqual(each, key(item)));
    if (isNew) seen.push(key(item));
    return isNew;
  });
}

function sort(value: JinjaValue, call: FilterCall): JinjaValue {
  const attribute = argument(call, 2, 'attribute');
  const isCaseSensitive = isTruthy(argument(call, 1, 'case_sensitive') ?? false);
  const keyOf = (item: JinjaValue): JinjaValue => {
    const key = attribute === undefined ? item : call.attribute(item, attribute);
    return typeof key === 'string' && !isCaseSensitive ? key.toLowerCase() : key;
  };
  const direction = isTruthy(argument(call, 0, 'reverse') ?? false) ? -1 : 1;
  return [...itemsOf(value)].sort((a, b) => direction * compare(keyOf(a), keyOf(b)));
}

function items(value: JinjaValue): JinjaValue {
  if (value instanceof JinjaUndefined) return [];
  if (!isDict(value)) throw new TypeError('Can only get item pairs from a mapping.');
  return [...value].map((pair) => new JinjaTuple(pair));
}

function defaultOf(value: JinjaValue, call: FilterCall): JinjaValue {
  const fallback = argument(call, 0, 'default_value') ?? '';
  const alsoFalse = isTruthy(argument(call, 1, 'boolean') ?? false);
  return value instanceof JinjaUndefined || (alsoFalse && !isTruthy(value)) ? fallback : value;
}

function toInteger(value: JinjaValue): number | undefined {
  const number = numberOf(value) ?? (typeof value === 'string' ? parsed(value) : undefined);
  return number === undefined ? undefined : Math.trunc(number);
}

function toFloat(value: JinjaValue): JinjaFloat | undefined {
  const number = numberOf(value) ?? (typeof value === 'string' ? parsed(value) : undefined);
  return number === undefined ? undefined : new JinjaFloat(number);
}

function parsed(value: string): number | undefined {
  const trimmed = value.trim().replace(/(?<=\d)_(?=\d)/g, '');
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(trimmed) ? Number(trimmed) : undefined;
}

function likeNumber(value: JinjaValue, change: (number: number) => number): JinjaValue {
  const number = numberOf(value);
  if (number === undefined) throw new TypeError(`a number is needed, not '${typeName(value)}'`);
  return value instanceof JinjaFloat ? new JinjaFloat(change(number)) : change(number);
}

function round(value: JinjaValue, call: FilterCall): JinjaValue {
  const number = numberOf(value);
  if (number === undefined) throw new TypeError(`a number is needed, not '${typeName(value)}'`);
  const scale = 10 ** (numberOf(argument(call, 0, 'precision') ?? 0) ?? 0);
  const method = argument(call, 1, 'method') ?? 'common';
  if (method === 'ceil') return new JinjaFloat(Math.ceil(number * scale) / scale);
  if (method === 'floor') return new JinjaFloat(Math.floor(number * scale) / scale);
  return new JinjaFloat(roundHalfEven(number * scale) / scale);
}

function roundHalfEven(number: number): number {
  const floor = Math.floor(number);
  if (number - floor !== 0.5) return Math.round(number);
  return floor % 2 === 0 ? floor : floor + 1;
}

function sum(value: JinjaValue, call: FilterCall): JinjaValue {
  const attribute = argument(call, 0, 'attribute') ?? null;
  const numbers = itemsOf(value).map((item) =>
    attribute === null ? item : call.attribute(item, attribute),
  );
  const total = numbers.reduce(
    (result: number, item) => result + (numberOf(item) ?? Number.NaN),
    0,
  );
  return numbers.some((item) => item instanceof JinjaFloat) ? new JinjaFloat(total) : total;
}

function map(value: JinjaValue, call: FilterCall): JinjaValue {
  const attribute = call.named.get('attribute');
  if (attribute !== undefined) {
    const fallback = call.named.get('default');
    return itemsOf(value).map((item) => {
      const found = call.attribute(item, attribute);
      return found instanceof JinjaUndefined ? (fallback ?? found) : found;
    });
  }
  const [name, ...args] = call.args;
  return itemsOf(value).map((item) => call.apply(textOf(name), item, args));
}

function selected(
  value: JinjaValue,
  call: FilterCall,
  attributes: 0 | 1,
  isWanted: boolean,
): JinjaValue {
  const path = call.args[0];
  const name = call.args[attributes];
  const test = name === undefined ? isTruthy : JINJA_TESTS.get(textOf(name));
  if (test === undefined) throw new SyntaxError(`No test named ${toText(name ?? null)}.`);
  const other = call.args[attributes + 1] ?? null;
  return itemsOf(value).filter((item) => {
    const subject = attributes === 1 ? call.attribute(item, path ?? null) : item;
    return test(subject, other) === isWanted;
  });
}
