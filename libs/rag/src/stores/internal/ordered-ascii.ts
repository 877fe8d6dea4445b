const LITERAL_FROM = 0x22;
const LITERAL_TO = 0x7d;

/**
 * A text as printable ASCII without blanks, injective, and in the same order: `a < b` in UTF-16 code units exactly where it
 * is so of what stands for them.
 *
 * Characters from `"` to `}` stay; those before become `!` with two digits, those after `~` with four.
 */
export function toOrderedAscii(text: string): string {
  let encoded = '';
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < LITERAL_FROM) encoded += `!${unit.toString(16).padStart(2, '0')}`;
    else if (unit > LITERAL_TO) encoded += `~${unit.toString(16).padStart(4, '0')}`;
    else encoded += String.fromCharCode(unit);
  }
  return encoded;
}

/** The text that {@link toOrderedAscii} was given. */
export function fromOrderedAscii(encoded: string): string {
  return encoded.replaceAll(/![\da-f]{2}|~[\da-f]{4}/gu, (unit) =>
    String.fromCharCode(Number.parseInt(unit.slice(1), 16)),
  );
}
