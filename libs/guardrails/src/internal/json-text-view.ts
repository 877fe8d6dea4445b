/**
 * The text of a tool call's JSON with the escapes of its strings read, so that rails see what the tool will see.
 *
 * `\u0040` becomes `@`, `\n` a line feed, `\/` a slash; `\"` and `\\` stay, as they would end a string or begin an
 * escape. Grows in pieces; an escape that is cut waits for its rest, at most five characters.
 */
export interface JsonTextView {
  push(piece: string, isFinal: boolean): string;
}

const READ: Readonly<Record<string, string>> = {
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};
const WRITTEN: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};
const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|([\s\S]))/g;
const CUT = /\\(?:u[0-9a-fA-F]{0,3})?$/;

/** Creates the view of one JSON text. */
export function createJsonTextView(): JsonTextView {
  let rest = '';
  return {
    push(piece, isFinal) {
      let text = rest + piece;
      rest = '';
      if (!text.includes('\\')) return text;
      if (!isFinal) {
        const cut = cutEscape(text);
        rest = text.slice(cut);
        text = text.slice(0, cut);
      }
      return text.replace(ESCAPE, (whole, hex: string | undefined, letter: string | undefined) => {
        if (hex === undefined) return READ[letter ?? ''] ?? whole;
        const char = String.fromCharCode(Number.parseInt(hex, 16));
        return char === '"' || char === '\\' ? `\\${char}` : char;
      });
    },
  };
}

/** Where an escape begins that the end of the text may have cut; the text's length where there is none. */
function cutEscape(text: string): number {
  const tail = CUT.exec(text.slice(-5));
  if (tail === null) return text.length;
  const at = text.length - tail[0].length;
  let backslashes = 0;
  while (text[at - 1 - backslashes] === '\\') backslashes += 1;
  // Behind an odd number of backslashes this one is the escaped half of a pair.
  return backslashes % 2 === 1 ? text.length : at;
}

/** Writes what rails left of such a view as JSON again: inside strings control characters become escapes. */
export function createJsonTextWriter(): { push(piece: string): string } {
  let isInString = false;
  let isEscaped = false;
  return {
    push(piece) {
      let written = '';
      let from = 0;
      for (let at = 0; at < piece.length; at++) {
        const char = piece.charAt(at);
        if (isEscaped) {
          isEscaped = false;
        } else if (char === '\\') {
          isEscaped = true;
        } else if (char === '"') {
          isInString = !isInString;
        } else if (isInString && char < ' ') {
          written += piece.slice(from, at);
          written += WRITTEN[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
          from = at + 1;
        }
      }
      return written + piece.slice(from);
    },
  };
}
