import { createFinderReader, type Match, type MatchReader } from '../internal/find-matches.js';
import type { Finder } from '../internal/finder.js';
import type { PiiTagger, TaggedSpan } from '../tagger/create-pii-tagger.js';
import { isPlausibleSpan } from './plausible-span.js';

/** Of these kinds an address is made, or they are no more than digits that someone guessed at. */
const PARTS_OF_AN_ADDRESS = new Set(['postcode', 'date-time', 'age', 'phone', 'username']);
/** A finding of a form counts for less than this where a tagged span holds it. */
const PROVED = 0.8;

/**
 * Makes a reader of finders and, where one is given, a tagger.
 *
 * Both read the same text. Of two findings that overlap the one whose form is proved stands; an address, an organisation or
 * a name keeps the digits inside it. A growing text is cleared only up to places from which both can go on as if from the
 * beginning, so that the outcome does not depend on how it was split.
 */
export function createPersonalDataReader(
  finders: readonly Finder[],
  options: { readonly tagger?: PiiTagger | undefined; readonly accepts: (type: string) => boolean },
): MatchReader {
  const { tagger, accepts } = options;
  const forms = createFinderReader(finders);
  if (tagger === undefined) return forms;
  return {
    lookBehind: Math.max(forms.lookBehind, tagger.lookBehind),
    maxHoldBack: forms.maxHoldBack + 2 * tagger.maxHoldBack,
    read(input, from) {
      const found = forms.read(input, from);
      const tagged = tagger.tag({ ...input, from });
      const clearedUntil = input.isFinal
        ? input.text.length
        : (tagged.restarts.findLast(
            (place) =>
              place <= found.clearedUntil &&
              !found.matches.some(({ anchor, end }) => anchor < place && place < end),
          ) ?? from);
      const matches = found.matches.filter(({ end }) => end <= clearedUntil);
      const spans = tagged.spans.filter(
        (span) =>
          span.end <= clearedUntil && accepts(span.type) && isPlausibleSpan(input.text, span),
      );
      return { matches: unite(matches, spans), clearedUntil };
    },
  };
}

/** Puts two rows of findings, each without overlap, into one. */
function unite(matches: readonly Match[], spans: readonly TaggedSpan[]): Match[] {
  const united: Match[] = [];
  let next = 0;
  for (const span of spans) {
    while (next < matches.length && (matches[next]?.end ?? 0) <= span.start)
      united.push(matches[next++] as Match);
    let last = next;
    while (last < matches.length && (matches[last]?.start ?? 0) < span.end) last += 1;
    const inside = matches.slice(next, last);
    if (inside.every((match) => yields(match, span))) {
      // What reaches over the end of a span may touch the next one too; it has given way.
      next = last;
      united.push(toMatch(span));
    }
  }
  united.push(...matches.slice(next));
  return united;
}

function yields(match: Match, span: TaggedSpan): boolean {
  const isHeld = span.start <= match.start && match.end <= span.end;
  if (match.category === span.type) return isHeld;
  if (!isHeld) return false;
  if (span.type === 'address')
    return PARTS_OF_AN_ADDRESS.has(match.category) || match.score < PROVED;
  return match.score < 0.6 && span.type !== 'date-time' && span.type !== 'age';
}

function toMatch({ type, start, end, score }: TaggedSpan): Match {
  return { isOpen: false, anchor: start, start, end, category: type, rule: 'tagger', score };
}
