import type { Finder } from '../internal/finder.js';
import { createShapeFinder } from '../internal/shape-finder.js';

const BEFORE =
  /(?:user ?name|user[-_]id|login(?: name)?|handle|screen ?name|nick(?:name)?|account name|aka)["']?(?: is)?[ ]?[:=]?[ "'@]{0,3}$|(?:^|[\s({;,])user[:=]["']?$/i;

/** Finds names of accounts behind a word for one, and `@handle` signs elsewhere. */
export function createUsernameFinder(): Finder {
  return createShapeFinder({
    category: 'username',
    score: 0.6,
    first: /[A-Za-z0-9]/,
    pattern: /[A-Za-z0-9][A-Za-z0-9._-]{1,38}[A-Za-z0-9_]\/?/,
    maxLength: 41,
    lookBehind: 24,
    check: ({ match, before }) => {
      const written = match[0].replace('/', '');
      // `@scope/package` is nobody's.
      const isHandle = /(?:^|[\s("'.,;:!?])@$/.test(before) && !match[0].endsWith('/');
      const looksMade = /\d|_|[a-z][A-Z]/.test(written);
      return isHandle || (BEFORE.test(before) && (looksMade || /[:=]["' ]{0,2}$/.test(before)))
        ? { start: 0, end: written.length }
        : undefined;
    },
  });
}
