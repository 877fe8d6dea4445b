import type { Finder } from '../internal/finder.js';
import { runEnd } from '../internal/scan.js';

const DASHES = '-----BEGIN ';
const MAX_BODY = 16_384;
const MAX_LABEL = 60;

/**
 * Finds private keys in PEM form from their first line to their last, also with line breaks written as `\n`.
 *
 * Of a key that is cut off, or longer than 16 KiB, the part up to there is found.
 *
 * @see RFC 7468
 */
export function createPemFinder(): Finder {
  const label = new RegExp(`[A-Z0-9 ]{0,${MAX_LABEL + 1}}`, 'y');
  // Five dashes can only begin the last line: nothing else in the form has them.
  const body = new RegExp(`(?:[A-Za-z0-9+/=\\s:,.\\\\]|-(?!----)){0,${MAX_BODY}}`, 'y');
  const footer = /-----END [A-Z0-9 ]{0,60}-----/y;
  const footerLength = '-----END -----'.length + MAX_LABEL;

  return {
    lookBehind: 0,
    literals: [DASHES.toLowerCase()],
    maxLength: DASHES.length + MAX_LABEL + 5 + MAX_BODY + footerLength + 8,
    next({ text, isFinal }, from) {
      for (
        let start = text.indexOf(DASHES, from);
        start !== -1;
        start = text.indexOf(DASHES, start + 1)
      ) {
        const labelEnd = runEnd(text, start + DASHES.length, label);
        const headerEnd = labelEnd + 5;
        if (labelEnd - start - DASHES.length > MAX_LABEL) continue;
        if (headerEnd > text.length && !isFinal) return { isOpen: true, anchor: start };
        if (
          text.slice(labelEnd, headerEnd) !== '-----' ||
          !text.slice(start, labelEnd).includes('PRIVATE KEY')
        )
          continue;
        const bodyEnd = runEnd(text, headerEnd, body);
        // The end of the text may part the footer's dashes, or the footer itself.
        if (!isFinal && bodyEnd + footerLength > text.length && !hasFooter(text, bodyEnd, footer)) {
          return { isOpen: true, anchor: start };
        }
        const end = hasFooter(text, bodyEnd, footer) ? footer.lastIndex : bodyEnd;
        return {
          isOpen: false,
          anchor: start,
          start,
          end,
          category: 'secret.private-key',
          rule: 'private-key',
          score: 1,
        };
      }
      if (isFinal) return undefined;
      for (
        let start = Math.max(from, text.length - DASHES.length + 1);
        start < text.length;
        start += 1
      ) {
        if (DASHES.startsWith(text.slice(start))) return { isOpen: true, anchor: start };
      }
      return undefined;
    },
  };
}

function hasFooter(text: string, position: number, footer: RegExp): boolean {
  footer.lastIndex = position;
  return footer.test(text);
}
