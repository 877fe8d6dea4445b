/**
 * Returns where each unit of a decoded text stands in its source: character references (`&amp;`) give one or two units
 * for several characters, and a line break may be written `\r\n`.
 *
 * Shapes: `starts`, `ends` [decoded.length], offsets of the whole source.
 */
export function alignCharacters(options: {
  readonly source: string;
  readonly start: number;
  readonly end: number;
  readonly decoded: string;
}): { starts: number[]; ends: number[] } {
  const { source, start, end, decoded } = options;
  const starts: number[] = [];
  const ends: number[] = [];
  const isPlain = end - start === decoded.length && source.startsWith(decoded, start);
  if (isPlain) {
    for (let n = 0; n < decoded.length; n += 1) {
      starts.push(start + n);
      ends.push(start + n + 1);
    }
    return { starts, ends };
  }
  let at = start;
  for (let n = 0; n < decoded.length; n += 1) {
    const code = source.charCodeAt(at);
    const wanted = decoded.charCodeAt(n);
    let next = at + 1;
    if (code === AMPERSAND) {
      next = endOfReference(source, at, end);
      // A lone ampersand stands for itself.
      if (wanted === AMPERSAND && !isReferenceToAmpersand(source, at)) next = at + 1;
    } else if (code === CARRIAGE_RETURN && source.charCodeAt(at + 1) === LINE_FEED) next = at + 2;
    starts.push(Math.min(at, end));
    ends.push(Math.min(next, end));
    const isFirstOfPair =
      next > at + 1 && isHighSurrogate(wanted) && isLowSurrogate(decoded.charCodeAt(n + 1));
    if (isFirstOfPair) {
      n += 1;
      starts.push(Math.min(at, end));
      ends.push(Math.min(next, end));
    }
    at = next;
  }
  return { starts, ends };
}

const AMPERSAND = 0x26;
const CARRIAGE_RETURN = 0x0d;
const LINE_FEED = 0x0a;
const REFERENCE = /&(?:#x[\da-f]+|#\d+|[a-z][\da-z]*);?/iuy;

function endOfReference(source: string, at: number, end: number): number {
  REFERENCE.lastIndex = at;
  const match = REFERENCE.exec(source);
  return match === null ? at + 1 : Math.min(end, at + match[0].length);
}

function isReferenceToAmpersand(source: string, at: number): boolean {
  return /^&(?:amp|#38|#x26)(?![a-z\d])/iu.test(source.slice(at, at + 8));
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
