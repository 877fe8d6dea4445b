import type { PseudonymVault } from './pseudonym-vault.js';

/** What `createReidentifier` takes. */
export interface ReidentifierOptions {
  readonly vault: Pick<PseudonymVault, 'entries'>;
  /** `json` inside the arguments of a tool call: originals are written as parts of a JSON string. Default `none`. */
  readonly escape?: 'none' | 'json';
}

/**
 * Puts originals back in the place of pseudonyms, while a text streams.
 *
 * The texts that `push` and `end` give, joined, are those of the whole text, however it was split. Only what may be the
 * beginning of a pseudonym is held back: at most the longest pseudonym less one character.
 */
export interface Reidentifier {
  push(text: string): string;
  /** Tells that the text is whole, and gives the rest. */
  end(): string;
}

interface Node {
  readonly next: Map<string, Node>;
  original?: string;
}

/** Makes what puts originals back into one text. Of pseudonyms that begin alike the longest is taken. */
export function createReidentifier(options: ReidentifierOptions): Reidentifier {
  const root: Node = { next: new Map() };
  for (const { pseudonym, original } of options.vault.entries()) {
    let node = root;
    for (const unit of pseudonym.split('')) {
      let following = node.next.get(unit);
      if (following === undefined) node.next.set(unit, (following = { next: new Map() }));
      node = following;
    }
    // A pseudonym without a character would stand everywhere.
    if (node !== root)
      node.original = options.escape === 'json' ? JSON.stringify(original).slice(1, -1) : original;
  }
  let buffer = '';

  const take = (isFinal: boolean): string => {
    let out = '';
    let copied = 0;
    let position = 0;
    while (position < buffer.length) {
      let node: Node | undefined = root;
      let at = position;
      let found: { end: number; original: string } | undefined;
      while (at < buffer.length && (node = node.next.get(buffer.charAt(at))) !== undefined) {
        at += 1;
        if (node.original !== undefined) found = { end: at, original: node.original };
      }
      const mayGrow = at === buffer.length && node !== undefined && node.next.size > 0;
      if (mayGrow && !isFinal) break;
      if (found === undefined) {
        position += 1;
        continue;
      }
      out += buffer.slice(copied, position) + found.original;
      position = found.end;
      copied = position;
    }
    out += buffer.slice(copied, position);
    buffer = buffer.slice(position);
    return out;
  };
  return {
    push(text) {
      buffer += text;
      return take(false);
    },
    end: () => take(true),
  };
}

/** Puts originals back into a whole text. */
export function reidentify(text: string, options: ReidentifierOptions): string {
  const reidentifier = createReidentifier(options);
  return reidentifier.push(text) + reidentifier.end();
}
