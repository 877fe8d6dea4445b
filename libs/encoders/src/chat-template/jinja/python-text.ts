import {
  isDict,
  isList,
  JinjaFloat,
  JinjaNamespace,
  JinjaTuple,
  JinjaUndefined,
  type JinjaValue,
} from './jinja-value.js';

/** What Python's `str` gives. */
export function toText(value: JinjaValue): string {
  if (typeof value === 'string') return value;
  return value instanceof JinjaUndefined ? '' : toRepr(value);
}

/** What Python's `repr` gives. */
export function toRepr(value: JinjaValue): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return String(value);
  if (value === null) return 'None';
  if (value instanceof JinjaFloat) return floatText(value.value);
  if (value instanceof JinjaUndefined) return 'Undefined';
  if (value instanceof JinjaTuple) {
    const items = value.items.map(toRepr).join(', ');
    return value.items.length === 1 ? `(${items},)` : `(${items})`;
  }
  if (isList(value)) return `[${value.map(toRepr).join(', ')}]`;
  if (isDict(value))
    return `{${[...value].map(([key, item]) => `${toRepr(key)}: ${toRepr(item)}`).join(', ')}}`;
  if (value instanceof JinjaNamespace) return `<Namespace ${toRepr(value.attributes)}>`;
  return '<function>';
}

/** A floating-point number as Python prints it. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e16 || size < 1e-4)) {
    const [mantissa = '', exponent = ''] = value.toExponential().split('e');
    const digits = exponent.replace(/^[+-]/, '').padStart(2, '0');
    return `${mantissa}e${exponent.startsWith('-') ? '-' : '+'}${digits}`;
  }
  return Number.isInteger(value) ? `${value.toFixed(0)}.0` : String(value);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let out = quote;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (character === quote) out += `\\${quote}`;
    else if (ESCAPES[character] !== undefined) out += ESCAPES[character];
    else if (code !== 0x20 && /[\p{C}\p{Z}]/u.test(character)) out += escapedCode(code);
    else out += character;
  }
  return out + quote;
}

function escapedCode(code: number): string {
  const digits = code.toString(16);
  if (code < 0x100) return `\\x${digits.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`;
}
