import {
  isDict,
  isList,
  JinjaFloat,
  JinjaTuple,
  typeName,
  type JinjaValue,
} from './jinja-value.js';
import { floatText } from './python-text.js';

/** How `json.dumps` writes. */
export interface PythonJsonOptions {
  /** What one level is indented by; undefined for one line. */
  readonly indent: string | undefined;
  readonly itemSeparator: string;
  readonly keySeparator: string;
  readonly ensuresAscii: boolean;
  readonly sortsKeys: boolean;
}

/** Writes a value as Python's `json.dumps`. @throws {TypeError} The value has no JSON. */
export function toPythonJson(value: JinjaValue, options: PythonJsonOptions, depth = 0): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean' || typeof value === 'number') return String(value);
  if (typeof value === 'string') return textJson(value, options.ensuresAscii);
  if (value instanceof JinjaFloat) return floatJson(value.value);
  const items = value instanceof JinjaTuple ? value.items : value;
  if (isList(items))
    return enclosed(
      '[',
      items.map((item) => toPythonJson(item, options, depth + 1)),
      ']',
      options,
      depth,
    );
  if (isDict(items)) {
    const entries = [...items].map(([key, item]): [string, JinjaValue] => [keyText(key), item]);
    if (options.sortsKeys) entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    const parts = entries.map(
      ([key, item]) =>
        textJson(key, options.ensuresAscii) +
        options.keySeparator +
        toPythonJson(item, options, depth + 1),
    );
    return enclosed('{', parts, '}', options, depth);
  }
  throw new TypeError(`Object of type ${typeName(value)} is not JSON serializable`);
}

function enclosed(
  open: string,
  parts: readonly string[],
  close: string,
  { indent, itemSeparator }: PythonJsonOptions,
  depth: number,
): string {
  if (parts.length === 0 || indent === undefined) return open + parts.join(itemSeparator) + close;
  const line = `\n${indent.repeat(depth + 1)}`;
  return `${open}${line}${parts.join(itemSeparator + line)}\n${indent.repeat(depth)}${close}`;
}

function textJson(text: string, ensuresAscii: boolean): string {
  const json = JSON.stringify(text);
  if (!ensuresAscii) return json;
  return json.replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function floatJson(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  return floatText(value);
}

function keyText(key: JinjaValue): string {
  if (typeof key === 'string') return key;
  if (key === null) return 'null';
  if (typeof key === 'boolean' || typeof key === 'number') return String(key);
  if (key instanceof JinjaFloat) return floatJson(key.value);
  throw new TypeError(`keys must be str, int, float, bool or None, not ${typeName(key)}`);
}
