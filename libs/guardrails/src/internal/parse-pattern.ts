/** A regular expression, taken apart as far as its growth depends on. */
export type PatternNode =
  /** One character. */
  | { readonly kind: 'set'; readonly source: string }
  /** `^`, `\b`: no character. */
  | { readonly kind: 'place'; readonly source: string }
  | { readonly kind: 'reference' }
  | {
      readonly kind: 'look';
      readonly behind: boolean;
      readonly negative: boolean;
      readonly body: PatternNode;
    }
  | { readonly kind: 'either'; readonly options: readonly PatternNode[] }
  | { readonly kind: 'sequence'; readonly items: readonly PatternNode[] }
  | {
      readonly kind: 'repeat';
      readonly min: number;
      readonly max: number;
      readonly body: PatternNode;
    };

const QUANTIFIER = /[*+?]\??|\{(\d+)(?:,(\d*))?\}\??/y;
const GROUP = /\((?:\?(?:<[\w$]{1,64}>|:|=|!|<=|<!))?/y;
const ESCAPE =
  /\\(?:[pP]\{[^}]{1,100}\}|u\{[0-9A-Fa-f]{1,8}\}|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|c[A-Za-z]|k<[\w$]{1,64}>|[1-9]\d*|[^])/y;
const CLASS = /\[(?:\\[^]|[^\]\\])*\]/y;

/**
 * Takes the source of a regular expression apart.
 *
 * @throws {SyntaxError} the source is not understood.
 */
export function parsePattern(source: string): PatternNode {
  let at = 0;
  const take = (expression: RegExp): RegExpExecArray | undefined => {
    expression.lastIndex = at;
    const found = expression.exec(source);
    if (found === null) return undefined;
    at += found[0].length;
    return found;
  };
  const either = (): PatternNode => {
    const options: PatternNode[] = [];
    for (;;) {
      const items: PatternNode[] = [];
      while (at < source.length && source[at] !== '|' && source[at] !== ')') items.push(item());
      options.push({ kind: 'sequence', items });
      if (source[at] !== '|') break;
      at += 1;
    }
    return options.length === 1 && options[0] !== undefined
      ? options[0]
      : { kind: 'either', options };
  };
  const group = (opening: string): PatternNode => {
    const body = either();
    if (source[at] !== ')') throw new SyntaxError('A group has no end.');
    at += 1;
    const look = /^\(\?(<)?([=!])$/.exec(opening);
    return look === null
      ? body
      : { kind: 'look', behind: look[1] === '<', negative: look[2] === '!', body };
  };
  const atom = (): PatternNode => {
    const opening = take(GROUP);
    if (opening !== undefined) return group(opening[0]);
    const set = take(CLASS);
    if (set !== undefined) return { kind: 'set', source: set[0] };
    const escape = take(ESCAPE)?.[0];
    if (escape === String.raw`\b` || escape === String.raw`\B`)
      return { kind: 'place', source: escape };
    if (escape !== undefined)
      return /^\\(?:k<|[1-9])/.test(escape)
        ? { kind: 'reference' }
        : { kind: 'set', source: escape };
    const character = String.fromCodePoint(source.codePointAt(at) ?? 0);
    at += character.length;
    return /^[$^]$/.test(character)
      ? { kind: 'place', source: character }
      : { kind: 'set', source: character };
  };
  const item = (): PatternNode => {
    const body = atom();
    const quantifier = take(QUANTIFIER);
    if (quantifier === undefined) return body;
    const [whole, least, most] = quantifier;
    const sign = whole.charAt(0);
    if (sign !== '{')
      return { kind: 'repeat', min: sign === '+' ? 1 : 0, max: sign === '?' ? 1 : Infinity, body };
    const min = Number(least);
    const max = most === undefined ? min : most === '' ? Infinity : Number(most);
    return { kind: 'repeat', min, max, body };
  };
  const tree = either();
  if (at < source.length) throw new SyntaxError('A group has no beginning.');
  return tree;
}
