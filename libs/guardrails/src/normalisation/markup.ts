import type { ViewBuilder } from './text-view.js';

/** A stretch of a text with markup. */
interface MarkupPiece {
  readonly start: number;
  readonly end: number;
  /** `shown` to a reader, `hidden` from one, or `markup` itself. */
  readonly kind: 'shown' | 'hidden' | 'markup';
  /** Whether words on both sides of the markup are apart. */
  readonly isBreak?: boolean;
}

/** Elements inside elements that are followed. */
const DEEPEST = 256;
/** Longer tags are text: a reader must not search a megabyte for each `<`. */
const TAG = /<(\/?)([A-Za-z][A-Za-z0-9:-]{0,40})((?:\s[^<>]{0,1900})?)>/y;
const VOID = new Set(
  'area base br col embed hr img input link meta param source track wbr'.split(' '),
);
const BLOCK = new Set(
  (
    'address article aside blockquote br dd div dl dt figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p ' +
    'pre section table tbody td tfoot th thead title tr ul'
  ).split(' '),
);
const NEVER_SHOWN = new Set('script style template noscript head'.split(' '));
const HIDING_ATTRIBUTE = /\s(?:hidden(?![-\w])|aria-hidden\s*=\s*["']?true)/i;
const STYLE = /\sstyle\s*=\s*(?:"([^"]*)"|'([^']*)')/i;
const HIDING_STYLE =
  /(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0?\.?0+(?![.\d])|font-size\s*:\s*0?\.?[01]?(?:px|pt|em|rem|%)?\s*(?:!|;|$)|color\s*:\s*transparent|(?:left|top|right|bottom|text-indent|margin-left|margin-top)\s*:\s*-\d{3,}|clip\s*:\s*rect\(0|(?:max-)?(?:height|width)\s*:\s*0(?:px)?\s*(?:;|$))/i;
const COLOUR = /(?:^|[;\s])color\s*:\s*([^;]{1,40})/i;
const BACKGROUND = /(?:^|[;\s])background(?:-color)?\s*:\s*([^;]{1,40})/i;
const WHITE = new Set(['white', '#fff', '#ffffff', 'rgb(255,255,255)']);
/** What a browser shows of an attribute only by other means. */
const SPOKEN =
  /\s(?:alt|title|aria-label|data-[a-z-]{1,30}|content)\s*=\s*(?:"([^"]{8,})"|'([^']{8,})')/gi;

/** Reads a text as a browser or a Markdown viewer shows it: without tags, comments and what they hide. */
export function shownText(text: string, builder: ViewBuilder): boolean {
  const pieces = readMarkup(text);
  if (pieces === undefined) return false;
  for (const { kind, start, end, isBreak } of pieces) {
    if (kind === 'shown') builder.copy(text, start, end);
    else if (isBreak === true) builder.add('\n', start, end);
  }
  return true;
}

/**
 * Reads what a text holds but does not show: comments, elements that their style or an attribute hides, alternative texts,
 * titles of links and reference definitions of Markdown.
 */
export function hiddenText(text: string, builder: ViewBuilder): boolean {
  const pieces = readMarkup(text);
  if (pieces === undefined) return false;
  let isFound = false;
  let isOpen = false;
  for (const { kind, start, end } of pieces) {
    if (kind === 'hidden') {
      builder.copy(text, start, end);
      [isFound, isOpen] = [true, true];
    } else if (isOpen) {
      builder.add('\n', start, end);
      isOpen = false;
    }
  }
  return isFound;
}

/** The pieces of a text in order; `undefined` where it has no markup. Linear in the text. */
function readMarkup(text: string): readonly MarkupPiece[] | undefined {
  if (!text.includes('<') && !text.includes('](') && !text.includes(']:')) return undefined;
  const pieces: MarkupPiece[] = [];
  const open: { readonly name: string; readonly isHidden: boolean }[] = [];
  let isHidden = false;
  let position = 0;
  let isMarkup = false;
  let noCommentFrom = Infinity;
  const add = (piece: MarkupPiece): void => {
    if (piece.end <= piece.start) return;
    if (piece.kind !== 'shown') isMarkup = true;
    pieces.push(piece);
  };
  const addText = (end: number): void => {
    if (isHidden) add({ kind: 'hidden', start: position, end });
    else addMarkdown(text, position, end, add);
    position = end;
  };
  for (let at = text.indexOf('<'); at !== -1; at = text.indexOf('<', Math.max(at + 1, position))) {
    if (text.startsWith('<!--', at)) {
      const close = at < noCommentFrom ? text.indexOf('-->', at + 4) : -1;
      if (close === -1) noCommentFrom = Math.min(noCommentFrom, at);
      addText(at);
      const end = close === -1 ? text.length : close;
      add({ kind: 'markup', start: at, end: at + 4 });
      add({ kind: 'hidden', start: at + 4, end });
      position = close === -1 ? text.length : close + 3;
      add({ kind: 'markup', start: end, end: position });
      continue;
    }
    TAG.lastIndex = at;
    const tag = TAG.exec(text);
    if (tag === null) continue;
    const [whole, slash, rawName = '', attributes = ''] = tag;
    const name = rawName.toLowerCase();
    addText(at);
    position = at + whole.length;
    addTag({ attributes, start: at, end: position, isBreak: BLOCK.has(name) }, add);
    if (slash === '/') {
      const last = open.findLastIndex((element) => element.name === name);
      if (last !== -1) open.length = last;
    } else if (!VOID.has(name) && !attributes.endsWith('/') && open.length < DEEPEST) {
      open.push({ name, isHidden: NEVER_SHOWN.has(name) || hides(attributes) });
    }
    isHidden = open.some((element) => element.isHidden);
  }
  addText(text.length);
  return isMarkup ? pieces : undefined;
}

/** The tag itself, and the texts in its attributes that no reader sees. */
function addTag(
  tag: { attributes: string; start: number; end: number; isBreak: boolean },
  add: (piece: MarkupPiece) => void,
): void {
  const { attributes, start, end, isBreak } = tag;
  // The attributes end one character before the tag does.
  const offset = end - 1 - attributes.length;
  let position = start;
  for (const spoken of attributes.matchAll(SPOKEN)) {
    const value = spoken[1] ?? spoken[2] ?? '';
    const from = offset + spoken.index + spoken[0].length - 1 - value.length;
    add({ kind: 'markup', start: position, end: from });
    add({ kind: 'hidden', start: from, end: from + value.length });
    position = from + value.length;
  }
  add({ kind: 'markup', start: position, end, isBreak });
}

function hides(attributes: string): boolean {
  if (HIDING_ATTRIBUTE.test(attributes)) return true;
  const found = STYLE.exec(attributes);
  const style = found?.[1] ?? found?.[2];
  if (style === undefined) return false;
  if (HIDING_STYLE.test(style)) return true;
  const colour = plainColour(COLOUR.exec(style)?.[1]);
  const background = plainColour(BACKGROUND.exec(style)?.[1]);
  if (colour === undefined) return false;
  return colour === background || (WHITE.has(colour) && background === undefined);
}

function plainColour(colour: string | undefined): string | undefined {
  const plain = colour?.toLowerCase().replace('!important', '').replace(/\s/g, '');
  if (plain === undefined) return undefined;
  return WHITE.has(plain) ? 'white' : plain;
}

/** Alternative texts, titles of links and images, reference definitions, signs of emphasis inside a word. */
const MARKDOWN =
  /!\[([^\]\n]{8,400})\]\(|\]\([^\s()]{0,400}[ \t]{1,4}(?:"([^"\n]{1,600})"|'([^'\n]{1,600})')[ \t]{0,4}\)|^ {0,3}\[[^\]\n]{1,80}\]:[ \t]{0,4}(\S[^\n]{0,600})/gm;

function addMarkdown(
  text: string,
  start: number,
  end: number,
  add: (piece: MarkupPiece) => void,
): void {
  const part = text.slice(start, end);
  let position = start;
  if (part.includes('](') || part.includes(']:')) {
    for (const found of part.matchAll(MARKDOWN)) {
      const value = found[1] ?? found[2] ?? found[3] ?? found[4] ?? '';
      const from = start + found.index + found[0].lastIndexOf(value);
      add({ kind: 'shown', start: position, end: from });
      add({ kind: 'hidden', start: from, end: from + value.length });
      position = from + value.length;
    }
  }
  add({ kind: 'shown', start: position, end });
}
