import type { DocumentHeading, Span } from '@espalier/core';
import type { Token, TokenHandler } from 'parse5';
import { alignCharacters } from './align-characters.js';
import {
  BLOCK_ELEMENTS,
  BOILERPLATE_ELEMENTS,
  HIDDEN_ELEMENTS,
  TIGHT_ELEMENTS,
  VOID_ELEMENTS,
} from './html-elements.js';
import { createVisibleText, type VisibleText } from './visible-text.js';

/** What a page shows, and where in its source each unit of that stands. */
export interface ParsedHtml {
  readonly title: string | undefined;
  readonly text: string;
  /** In the shown text. */
  readonly headings: readonly DocumentHeading[];
  /** Tables and preformatted blocks, in the shown text. */
  readonly atoms: readonly Span[];
  /** Where each unit of the text begins in the source. Shape: [text.length] */
  readonly starts: Uint32Array;
  /** Where it ends there. Shape: [text.length] */
  readonly ends: Uint32Array;
}

/** What {@link loadHtmlParser} gives. */
export type ParseHtml = (
  source: string,
  options?: { readonly keepBoilerplate?: boolean },
) => ParsedHtml;

const HEADING = /^h[1-6]$/u;
/** Elements whose content is no markup. */
const RAW_ELEMENTS = new Set(['style', 'iframe', 'noframes', 'xmp', 'noembed']);
const ATOM_ELEMENTS = new Set(['table', 'pre']);

/**
 * Loads parse5 and returns a function that reads the visible text of a page.
 *
 * It works on the tokens of the page, not on a tree: the cost is linear whatever the nesting, and each character token
 * has its place in the source.
 */
export async function loadHtmlParser(): Promise<ParseHtml> {
  const { Tokenizer, TokenizerMode } = await import('parse5');
  return (source, options = {}) => {
    const reader = createReader(source, options.keepBoilerplate === true);
    const tokenizer = new Tokenizer({ sourceCodeLocationInfo: true }, reader.handler);
    reader.onRaw((name) => {
      if (name === 'script') tokenizer.state = TokenizerMode.SCRIPT_DATA;
      else if (name === 'title' || name === 'textarea') tokenizer.state = TokenizerMode.RCDATA;
      else if (RAW_ELEMENTS.has(name)) tokenizer.state = TokenizerMode.RAWTEXT;
    });
    tokenizer.write(source, true);
    return reader.finish();
  };
}

interface Reader {
  readonly handler: TokenHandler;
  /** Tells the tokenizer of an element that may hold no markup. */
  onRaw(listener: (name: string) => void): void;
  finish(): ParsedHtml;
}

function createReader(source: string, keepBoilerplate: boolean): Reader {
  const visible = createVisibleText();
  const headings: DocumentHeading[] = [];
  const atoms: Span[] = [];
  let title: string | undefined;
  let switchMode: (name: string) => void = () => undefined;
  /** The hidden element that is open, and how often it is open inside of itself. */
  let hidden: { name: string; depth: number } | undefined;
  let preDepth = 0;
  let heading: { level: number; start: number } | undefined;
  let atom: { name: string; depth: number; start: number } | undefined;
  let isTitle = false;

  const isHidden = (name: string, token: Token.TagToken): boolean =>
    HIDDEN_ELEMENTS.has(name) ||
    (!keepBoilerplate && BOILERPLATE_ELEMENTS.has(name)) ||
    token.attrs.some(
      (attribute) =>
        attribute.name === 'hidden' ||
        (attribute.name === 'aria-hidden' && attribute.value === 'true'),
    );
  const closeHeading = (): void => {
    if (heading === undefined) return;
    const { level, start } = heading;
    heading = undefined;
    const span = placedSpan(visible, start);
    if (span !== undefined) headings.push({ level, text: '', span });
  };
  const closeAtom = (): void => {
    const span = atom && placedSpan(visible, atom.start);
    atom = undefined;
    if (span !== undefined) atoms.push(span);
  };
  const breakAround = (name: string): void => {
    if (BLOCK_ELEMENTS.has(name)) visible.breakLine(TIGHT_ELEMENTS.has(name) ? 1 : 2);
  };

  const open = (token: Token.TagToken): void => {
    const name = token.tagName;
    const isVoid = VOID_ELEMENTS.has(name) || token.selfClosing;
    if (!isVoid) switchMode(name);
    if (hidden !== undefined) {
      if (name === hidden.name && !isVoid) hidden.depth += 1;
      return;
    }
    if (name === 'title') {
      isTitle = title === undefined;
      return;
    }
    if (!isVoid && isHidden(name, token)) {
      hidden = { name, depth: 1 };
      visible.breakLine(1);
      return;
    }
    if (name === 'br') visible.breakLine(1);
    breakAround(name);
    if (name === 'li') visible.insert('- ');
    if ((name === 'td' || name === 'th') && !visible.isAtLineStart) visible.insert(' | ');
    if (HEADING.test(name)) {
      closeHeading();
      heading = { level: Number(name.slice(1)), start: visible.length };
    }
    if (isVoid) return;
    if (name === 'pre') preDepth += 1;
    if (atom?.name === name) atom.depth += 1;
    else if (atom === undefined && ATOM_ELEMENTS.has(name))
      atom = { name, depth: 1, start: visible.length };
  };

  const close = (token: Token.TagToken): void => {
    const name = token.tagName;
    if (hidden !== undefined) {
      if (name !== hidden.name) return;
      hidden.depth -= 1;
      if (hidden.depth === 0) hidden = undefined;
      return;
    }
    if (name === 'title') isTitle = false;
    if (HEADING.test(name)) closeHeading();
    if (name === 'pre') preDepth = Math.max(0, preDepth - 1);
    if (atom?.name === name) {
      atom.depth -= 1;
      if (atom.depth === 0) closeAtom();
    }
    breakAround(name);
  };

  const read = (token: Token.CharacterToken): void => {
    if (isTitle) title = (title ?? '') + token.chars;
    if (isTitle || hidden !== undefined || token.location === null) return;
    const { startOffset: start, endOffset: end } = token.location;
    const { starts, ends } = alignCharacters({ source, start, end, decoded: token.chars });
    if (preDepth > 0) visible.push(token.chars, starts, ends);
    else visible.pushCollapsed(token.chars, starts, ends);
  };
  const ignore = (): void => undefined;

  return {
    handler: {
      onStartTag: open,
      onEndTag: close,
      onCharacter: read,
      onWhitespaceCharacter: read,
      onNullCharacter: ignore,
      onComment: ignore,
      onDoctype: ignore,
      onEof: ignore,
    },
    onRaw(listener) {
      switchMode = listener;
    },
    finish() {
      closeHeading();
      closeAtom();
      const { text, starts, ends } = visible.finish();
      const name = title?.replaceAll(/\s+/gu, ' ').trim();
      return {
        title: name === '' ? undefined : name,
        text,
        headings: headings.flatMap(({ level, span }) => {
          const { start, end } = trimmed(text, span);
          const words = text.slice(start, end).replaceAll(/\s+/gu, ' ');
          return words === '' ? [] : [{ level, text: words, span: { start, end } }];
        }),
        atoms: atoms.map((span) => trimmed(text, span)).filter(({ start, end }) => start < end),
        starts,
        ends,
      };
    },
  };
}

function placedSpan(visible: VisibleText, start: number): Span | undefined {
  return visible.length > start ? { start, end: visible.length } : undefined;
}

function trimmed(text: string, { start, end }: Span): Span {
  const words = text.slice(start, end);
  const from = start + words.length - words.trimStart().length;
  return { start: from, end: Math.max(from, start + words.trimEnd().length) };
}
