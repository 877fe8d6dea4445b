import type { FlatDeclaration } from '../declaration.js';
import { extendUpward } from './extend-upward.js';
import { nameOfHeader } from './name-of-header.js';

/** A brace that is open. */
interface Block {
  readonly name: string | undefined;
  readonly start: number;
  /** How deep in parentheses its inside is. */
  readonly parentheses: number;
  /** Where the statement around it begins, if it is a part of one: an object, a type, a function as argument. */
  readonly outerBoundary: number | undefined;
}

const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_PARENTHESIS = 0x28;
const CLOSE_PARENTHESIS = 0x29;
const SEMICOLON = 0x3b;
const LOOK_BACK = 24;

/**
 * Finds the declarations of code whose blocks stand in braces: what stands before a brace names it, or not.
 *
 * `masked` is the code with comments and strings blank. Cost: linear.
 */
export function outlineBraces(text: string, masked: string): FlatDeclaration[] {
  const found: FlatDeclaration[] = [];
  const blocks: Block[] = [];
  let parentheses = 0;
  /** Where the statement that may be a header begins. */
  let boundary = 0;
  for (let at = 0; at < masked.length; at += 1) {
    const code = masked.charCodeAt(at);
    if (code === OPEN_PARENTHESIS) parentheses += 1;
    else if (code === CLOSE_PARENTHESIS)
      parentheses = Math.max(blocks.at(-1)?.parentheses ?? 0, parentheses - 1);
    else if (code === SEMICOLON && parentheses === (blocks.at(-1)?.parentheses ?? 0))
      boundary = at + 1;
    else if (code === OPEN_BRACE) {
      const isInner = parentheses > (blocks.at(-1)?.parentheses ?? 0) || isValue(masked, at);
      const header = isValue(masked, at) ? undefined : nameOfHeader(masked, boundary, at);
      const start =
        header === undefined ? at : extendUpward(text, header.start, Math.max(0, boundary));
      blocks.push({
        name: header?.name,
        start,
        parentheses,
        outerBoundary: isInner ? boundary : undefined,
      });
      boundary = at + 1;
    } else if (code === CLOSE_BRACE) {
      const block = blocks.pop();
      boundary = at + 1;
      if (block === undefined) continue;
      parentheses = block.parentheses;
      boundary = block.outerBoundary ?? boundary;
      if (block.name !== undefined)
        found.push({ name: block.name, start: block.start, end: at + 1 });
    }
  }
  return found.sort((a, b) => a.start - b.start || b.end - a.end);
}

/** Whether a brace begins an object or a type: what stands before it wants a value. */
function isValue(masked: string, at: number): boolean {
  return /[=:(,[&|?<]\s*$|\b(?:return|extends|keyof)\s*$/u.test(
    masked.slice(Math.max(0, at - LOOK_BACK), at),
  );
}
