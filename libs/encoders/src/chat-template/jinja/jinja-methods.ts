import {
  isDict,
  isEqual,
  isList,
  itemsOf,
  JinjaTuple,
  JinjaUndefined,
  numberOf,
  typeName,
  type JinjaDict,
  type JinjaFunction,
  type JinjaValue,
} from './jinja-value.js';

const SPACE = '\\s\\x1c-\\x1f\\x85';

/** The method of a value by its name, if Python has it and it changes nothing. */
export function methodOf(value: JinjaValue, name: string): JinjaFunction | undefined {
  if (typeof value === 'string') {
    const method = TEXT_METHODS.get(name);
    return method === undefined ? undefined : (args) => method(value, args);
  }
  if (isDict(value)) {
    const method = DICT_METHODS.get(name);
    return method === undefined ? undefined : (args) => method(value, args);
  }
  const items = value instanceof JinjaTuple ? value.items : value;
  if (!isList(items)) return undefined;
  if (name === 'index')
    return ([item = null]) => {
      const index = items.findIndex((each) => isEqual(each, item));
      if (index < 0) throw new RangeError('the value is not in the list');
      return index;
    };
  if (name === 'count')
    return ([item = null]) => items.filter((each) => isEqual(each, item)).length;
  return undefined;
}

type TextMethod = (text: string, args: readonly JinjaValue[]) => JinjaValue;
type DictMethod = (dict: JinjaDict, args: readonly JinjaValue[]) => JinjaValue;

const DICT_METHODS: ReadonlyMap<string, DictMethod> = new Map<string, DictMethod>([
  ['items', (dict) => [...dict].map(([key, value]) => new JinjaTuple([key, value]))],
  ['keys', (dict) => [...dict.keys()]],
  ['values', (dict) => [...dict.values()]],
  ['get', (dict, [key = null, fallback = null]) => dict.get(key) ?? fallback],
  ['copy', (dict) => new Map(dict)],
]);

const TEXT_METHODS: ReadonlyMap<string, TextMethod> = new Map<string, TextMethod>([
  ['strip', (text, [characters]) => strip(text, characters, true, true)],
  ['lstrip', (text, [characters]) => strip(text, characters, true, false)],
  ['rstrip', (text, [characters]) => strip(text, characters, false, true)],
  ['upper', (text) => text.toUpperCase()],
  ['lower', (text) => text.toLowerCase()],
  ['title', titleText],
  ['capitalize', capitalizeText],
  ['startswith', (text, [start]) => anyOf(start, (each) => text.startsWith(each))],
  ['endswith', (text, [end]) => anyOf(end, (each) => text.endsWith(each))],
  ['split', (text, [separator, most]) => split(text, separator, most)],
  ['rsplit', (text, [separator, most]) => splitFromEnd(text, separator, most)],
  ['splitlines', (text) => splitLines(text)],
  ['replace', (text, [from, to, most]) => replaceText(text, textOf(from), textOf(to), most)],
  ['join', (text, [items = null]) => itemsOf(items).map(textOf).join(text)],
  ['find', (text, [part]) => codePointIndex(text, text.indexOf(textOf(part)))],
  ['rfind', (text, [part]) => codePointIndex(text, text.lastIndexOf(textOf(part)))],
  ['count', (text, [part]) => countOf(text, textOf(part))],
  ['isdigit', (text) => /^\p{Nd}+$/u.test(text)],
  ['isalpha', (text) => /^\p{L}+$/u.test(text)],
  ['isalnum', (text) => /^[\p{L}\p{N}]+$/u.test(text)],
  ['isspace', (text) => new RegExp(`^[${SPACE}]+$`, 'u').test(text)],
  ['isupper', (text) => /\p{Lu}/u.test(text) && text === text.toUpperCase()],
  ['islower', (text) => /\p{Ll}/u.test(text) && text === text.toLowerCase()],
  [
    'removeprefix',
    (text, [part]) => (text.startsWith(textOf(part)) ? text.slice(textOf(part).length) : text),
  ],
  [
    'removesuffix',
    (text, [part]) =>
      textOf(part) !== '' && text.endsWith(textOf(part))
        ? text.slice(0, -textOf(part).length)
        : text,
  ],
  ['zfill', (text, [width]) => text.padStart(numberOf(width ?? 0) ?? 0, '0')],
]);

/** Removes characters at the ends of a text; white space unless others are named. */
export function strip(
  text: string,
  characters: JinjaValue | undefined,
  atStart: boolean,
  atEnd: boolean,
): string {
  const members =
    characters === undefined || characters === null
      ? SPACE
      : textOf(characters).replace(/[\\\]^-]/g, '\\$&');
  if (members === '') return text;
  let out = text;
  if (atStart) out = out.replace(new RegExp(`^[${members}]+`, 'u'), '');
  if (!atEnd) return out;
  // From the end by hand: a pattern would try at every run of the characters.
  const member = new RegExp(`[${members}]`, 'u');
  const units = Array.from(out);
  let end = units.length;
  while (end > 0 && member.test(units[end - 1] ?? '')) end -= 1;
  return units.slice(0, end).join('');
}

/** Each word begins with a capital. */
export function titleText(text: string): string {
  return text.replace(
    /\p{L}+/gu,
    (word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase(),
  );
}

/** The first character is a capital, the others are not. */
export function capitalizeText(text: string): string {
  const [first = '', ...rest] = Array.from(text);
  return first.toUpperCase() + rest.join('').toLowerCase();
}

/** Replaces a text, at most so many times. */
export function replaceText(
  text: string,
  from: string,
  to: string,
  most: JinjaValue | undefined,
): string {
  const limit = limitOf(most);
  if (limit === Number.POSITIVE_INFINITY) return text.replaceAll(from, () => to);
  let left = limit;
  return text.replaceAll(from, (match) => (left-- > 0 ? to : match));
}

const limitOf = (most: JinjaValue | undefined): number => {
  const limit = most === undefined || most === null ? -1 : (numberOf(most) ?? -1);
  return limit < 0 ? Number.POSITIVE_INFINITY : limit;
};

/** A text as it is. @throws {TypeError} The value is no text. */
export function textOf(value: JinjaValue | undefined): string {
  if (typeof value === 'string') return value;
  if (value instanceof JinjaUndefined) throw new TypeError(`'${value.name}' is undefined`);
  throw new TypeError(`a str is needed, not '${typeName(value ?? null)}'`);
}

function anyOf(value: JinjaValue | undefined, holds: (text: string) => boolean): boolean {
  if (value instanceof JinjaTuple) return value.items.some((each) => holds(textOf(each)));
  return holds(textOf(value));
}

function split(
  text: string,
  separator: JinjaValue | undefined,
  most: JinjaValue | undefined,
): readonly string[] {
  const limit = limitOf(most);
  if (separator === undefined || separator === null) {
    const parts: string[] = [];
    let rest = strip(text, undefined, true, false);
    while (rest !== '') {
      const found = parts.length < limit ? new RegExp(`[${SPACE}]+`, 'u').exec(rest) : null;
      if (found === null)
        return [...parts, parts.length < limit ? rest : strip(rest, undefined, false, true)];
      parts.push(rest.slice(0, found.index));
      rest = rest.slice(found.index + found[0].length);
    }
    return parts;
  }
  const mark = markOf(separator);
  const parts = text.split(mark);
  return parts.length <= limit + 1
    ? parts
    : [...parts.slice(0, limit), parts.slice(limit).join(mark)];
}

function splitFromEnd(
  text: string,
  separator: JinjaValue | undefined,
  most: JinjaValue | undefined,
): readonly string[] {
  const limit = limitOf(most);
  if (separator === undefined || separator === null) {
    const words = split(text, undefined, undefined);
    if (words.length <= limit + 1) return words;
    throw new TypeError('rsplit with a limit needs a separator');
  }
  const mark = markOf(separator);
  const parts = text.split(mark);
  if (parts.length <= limit + 1) return parts;
  const cut = parts.length - limit;
  return [parts.slice(0, cut).join(mark), ...parts.slice(cut)];
}

function markOf(separator: JinjaValue): string {
  const mark = textOf(separator);
  if (mark === '') throw new RangeError('empty separator');
  return mark;
}

function splitLines(text: string): readonly string[] {
  const lines = text.split(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/u);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function codePointIndex(text: string, index: number): number {
  return index < 0 ? -1 : Array.from(text.slice(0, index)).length;
}

function countOf(text: string, part: string): number {
  return part === '' ? Array.from(text).length + 1 : text.split(part).length - 1;
}
