import { longestSentence } from './internal/longest-sentence.js';

/** A query, and the place of the passage that it was taken from. */
export interface OwnSentence {
  readonly query: string;
  readonly place: number;
}

/** Gives for each query how many deviations above its mean over the corpus a leg puts the passage at that place. */
export type LiftOfLeg = (
  asked: readonly OwnSentence[],
) => readonly number[] | Promise<readonly number[]>;

/** How far a leg can be trusted. */
export interface LegTrust {
  /** From 0 (ranks as chance does) to 1; the weight of the leg is to be multiplied by it. */
  readonly trust: number;
  /** Mean deviations above the mean of the passage that a query was taken from; 0 is chance, 3 the most. */
  readonly lift: number;
  /** Queries asked; 0 where the corpus is too small to tell, which counts as full trust. */
  readonly queries: number;
}

/** What {@link measureLegTrust} takes. */
export interface LegTrustOptions<Name extends string> {
  readonly legs: Readonly<Record<Name, LiftOfLeg>>;
  /** How many passages there are. */
  readonly size: number;
  readonly textOf: (place: number) => string | Promise<string>;
  /** Queries to ask. Default 24. */
  readonly queries?: number;
  readonly abortSignal?: AbortSignal | undefined;
}

const DEFAULT_QUERIES = 24;
/** In a smaller corpus no passage can stand out. */
const MIN_PASSAGES = 20;
/** Fewer tell nothing. */
const MIN_QUERIES = 8;
/** One query counts no more, so that a few lucky ones do not speak for a leg. */
const MAX_LIFT = 3;
/** Standard errors of chance that the lift must exceed to count at all. */
const ERRORS = 3;
/** Lift above that at which a leg is trusted in full; legs that work reach two to three times as much. */
const FULL_LIFT = 0.5;

/**
 * Tells which legs of a fusion rank no better than chance in this corpus, so that they get no say.
 *
 * Some passages are asked for by a sentence of their own. A leg that works puts them far above the mean; one whose vectors
 * are random, constant, not finite, or of other passages, does not. Between legs that work this tells no difference, on
 * purpose: what finds a text by its own sentence best is not what answers questions best.
 *
 * Cost: `queries` runs of each leg.
 */
export async function measureLegTrust<Name extends string>(
  options: LegTrustOptions<Name>,
): Promise<Readonly<Record<Name, LegTrust>>> {
  const { size, queries = DEFAULT_QUERIES } = options;
  const names = Object.keys(options.legs) as Name[];
  const sentences = size < MIN_PASSAGES ? [] : await ownSentences(options, queries);
  const asked = sentences.length < MIN_QUERIES ? [] : sentences;
  const found = new Map<Name, LegTrust>();
  for (const name of names) {
    options.abortSignal?.throwIfAborted();
    const lifts = asked.length === 0 ? [] : await options.legs[name](asked);
    const lift = meanLift(lifts);
    const chance = ERRORS / Math.sqrt(asked.length);
    const trust = asked.length === 0 ? 1 : Math.max(0, Math.min(1, (lift - chance) / FULL_LIFT));
    found.set(name, { trust, lift, queries: asked.length });
  }
  return Object.fromEntries(found) as Record<Name, LegTrust>;
}

/** What is not a number counts as none. */
function meanLift(lifts: readonly number[]): number {
  const counted = lifts.map((lift) =>
    Number.isFinite(lift) ? Math.max(-MAX_LIFT, Math.min(MAX_LIFT, lift)) : 0,
  );
  return counted.reduce((sum, lift) => sum + lift, 0) / Math.max(1, counted.length);
}

/** A sentence each of passages that are evenly spread. */
async function ownSentences(
  { size, textOf }: Pick<LegTrustOptions<string>, 'size' | 'textOf'>,
  count: number,
): Promise<OwnSentence[]> {
  const step = Math.max(1, size / count);
  const found: OwnSentence[] = [];
  for (let n = 0; n < Math.min(size, count); n += 1) {
    const place = Math.floor(n * step);
    const query = longestSentence(await textOf(place));
    if (query !== undefined) found.push({ query, place });
  }
  return found;
}
