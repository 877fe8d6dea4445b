import type { Finder } from '../internal/finder.js';
import { createShapeFinder } from '../internal/shape-finder.js';

/** Endings of bare domains. Others need a scheme or `www.`: too many are endings of files and ends of sentences too. */
const ENDINGS =
  'com|org|net|edu|gov|mil|int|info|biz|io|co|ai|app|dev|me|tv|eu|uk|us|ca|au|nz|de|fr|it|es|pt|nl|be|ch|at|se|no|dk|fi|pl|cz|sk|hu|ro|bg|gr|ru|ua|tr|il|in|cn|jp|kr|br|mx|ar|cl|za|ng|ke|ie|is|lu|online|shop|site|store|xyz|tech|cloud|blog|club|live|news';
const LABEL = '[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]{0,61}[\\p{L}\\p{N}])?';
const HOST = `${LABEL}(?:\\.${LABEL}){0,9}`;
const PATH = '(?:[/?#](?:[^\\s<>"\'`{}|\\\\^\\[\\]]{0,1800}[^\\s<>"\'`{}|\\\\^\\[\\].,;:!?)]|)|)';
const MAX_LENGTH = 2048;

/**
 * Finds addresses of pages: with `http:`, `https:` or `ftp:`, with `www.`, and bare domains under common endings. What ends
 * a sentence is no part of one.
 *
 * @see RFC 3986 §3
 */
export function createUrlFinder(): Finder {
  return createShapeFinder({
    category: 'url',
    score: 0.7,
    first: /(?:https?:|ftp:|[\p{L}\p{N}-]{1,63}\.[\p{L}\p{N}])/iu,
    firstLength: 66,
    pattern: new RegExp(
      `(?:(?:https?|ftp)://(?:${HOST})(?::\\d{1,5})?${PATH}|www\\.(?:${HOST})(?::\\d{1,5})?${PATH}|(?:${LABEL}\\.){1,5}(?:${ENDINGS})(?![\\p{L}\\p{N}-])(?!\\.[\\p{L}\\p{N}])(?::\\d{1,5})?${PATH})`,
      'iu',
    ),
    maxLength: MAX_LENGTH,
    lookBehind: 1,
    check: ({ match, before }) =>
      /[@./_-]$/.test(before) ? undefined : { start: 0, end: match[0].length },
  });
}
