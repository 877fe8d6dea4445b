import { textOf } from './jinja-methods.js';
import {
  isDict,
  JinjaNamespace,
  JinjaTuple,
  numberOf,
  type JinjaFunction,
  type JinjaValue,
} from './jinja-value.js';
import { toText } from './python-text.js';
import { TUPLE_CALL } from './rewrite-tokens.js';

/** As in Jinja's sandbox. */
const LONGEST_RANGE = 100_000;

/** The functions and constants that every template sees, as those of transformers. */
export function createJinjaGlobals(options: { now: () => Date }): Map<string, JinjaValue> {
  const raise: JinjaFunction = ([message = '']) => {
    throw new Error(toText(message));
  };
  const dict: JinjaFunction = ([first], named) => {
    const entries: [JinjaValue, JinjaValue][] =
      first !== undefined && isDict(first) ? [...first] : [];
    return new Map<JinjaValue, JinjaValue>([...entries, ...named]);
  };
  const namespace: JinjaFunction = ([first], named) => {
    const attributes = new Map<string, JinjaValue>();
    if (first !== undefined && isDict(first))
      for (const [key, value] of first) attributes.set(toText(key), value);
    for (const [key, value] of named) attributes.set(key, value);
    return new JinjaNamespace(attributes);
  };
  return new Map<string, JinjaValue>([
    ['true', true],
    ['True', true],
    ['false', false],
    ['False', false],
    ['none', null],
    ['None', null],
    ['range', range],
    [TUPLE_CALL, (items) => new JinjaTuple(items)],
    ['dict', dict],
    ['namespace', namespace],
    ['raise_exception', raise],
    ['strftime_now', ([format]) => formatTime(options.now(), textOf(format))],
  ]);
}

const range: JinjaFunction = (args) => {
  const numbers = args.map((value) => numberOf(value) ?? 0);
  const [start = 0, stop = 0, step = 1] = numbers.length === 1 ? [0, numbers[0]] : numbers;
  if (step === 0) throw new RangeError('range() arg 3 must not be zero');
  const length = Math.max(0, Math.ceil((stop - start) / step));
  if (length > LONGEST_RANGE)
    throw new RangeError(
      `Range too big. The sandbox blocks ranges larger than MAX_RANGE (${LONGEST_RANGE}).`,
    );
  return Array.from({ length }, (_, index) => start + index * step);
};

/** Writes a local time as Python's `strftime` in the C locale; directives that are not known stay as they are. */
function formatTime(date: Date, format: string): string {
  const name = (options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat('en-US', options).format(date);
  const two = (value: number): string => String(value).padStart(2, '0');
  const hour12 = date.getHours() % 12 === 0 ? 12 : date.getHours() % 12;
  const newYear = new Date(date.getFullYear(), 0, 1);
  const dayOfYear =
    Math.round(
      (new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime() -
        newYear.getTime()) /
        86_400_000,
    ) + 1;
  const parts: Readonly<Record<string, string>> = {
    Y: String(date.getFullYear()),
    y: two(date.getFullYear() % 100),
    m: two(date.getMonth() + 1),
    d: two(date.getDate()),
    H: two(date.getHours()),
    I: two(hour12),
    M: two(date.getMinutes()),
    S: two(date.getSeconds()),
    p: date.getHours() < 12 ? 'AM' : 'PM',
    b: name({ month: 'short' }),
    B: name({ month: 'long' }),
    a: name({ weekday: 'short' }),
    A: name({ weekday: 'long' }),
    j: String(dayOfYear).padStart(3, '0'),
    '%': '%',
  };
  return format
    .replace(/%-([mdHIMSj])/g, (_, letter: string) => String(Number(parts[letter])))
    .replace(/%F/g, '%Y-%m-%d')
    .replace(/%T/g, '%H:%M:%S')
    .replace(/%([a-zA-Z%])/g, (directive, letter: string) => parts[letter] ?? directive);
}
