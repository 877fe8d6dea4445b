import { InvalidArgumentError, type GuardTurn, type Rail, type RailPoint } from '@espalier/core';

/** What `createEscalationRail` takes; `words` or `scorers` or both. */
export interface EscalationRailOptions {
  /** Default `escalation`. */
  readonly name?: string;
  /** Default: `conversation`. */
  readonly points?: readonly RailPoint[];
  /** Phrases that are not allowed however the turns of a user spell them out together. */
  readonly words?: readonly string[];
  /** Scores of a text in [0, 1], such as a moderation's; they are asked of each turn and of the last turns joined. */
  readonly scorers?: readonly {
    readonly category: string;
    score(text: string): number | Promise<number>;
  }[];
  /** The user's last turns that count. Default 6. */
  readonly maxTurns?: number;
  /** A rise to this score, over at least three turns each above half of it, is stopped. Default .5. */
  readonly threshold?: number;
}

/**
 * Makes a rail for what no single turn shows: a request that is spread over turns, and one that rises step by step.
 *
 * @throws {InvalidArgumentError} `ERR_CORE_INVALID_ARGUMENT`: neither words nor scorers.
 */
export function createEscalationRail(options: EscalationRailOptions): Rail {
  const { words = [], scorers = [], maxTurns = 6, threshold = 0.5 } = options;
  if (words.length + scorers.length === 0) {
    throw new InvalidArgumentError({
      argument: 'words',
      value: words,
      expected: 'words or scorers',
    });
  }
  const phrases = words.map(lettersOf);
  return {
    specificationVersion: 'v1',
    name: options.name ?? 'escalation',
    points: options.points ?? ['conversation'],
    maxHoldBack: Number.POSITIVE_INFINITY,
    lookBehind: 0,
    async check({ text, isFinal, turns }) {
      if (!isFinal) return { verdict: { action: 'allow' }, clearedUntil: 0 };
      const clearedUntil = text.length;
      const spoken = lastTurns(turns ?? [{ role: 'user', text }], maxTurns);
      const split = phrases.findIndex(
        (phrase) => phrase !== '' && lettersOf(spoken.join('')).includes(phrase),
      );
      const found =
        split !== -1
          ? { category: 'escalation.split', rule: words[split] ?? '', score: 1 }
          : await risen(spoken, scorers, threshold);
      if (found === undefined) return { verdict: { action: 'allow' }, clearedUntil };
      const reason = 'The turns of the conversation lead together to what is not allowed.';
      const findings = text === '' ? [] : [{ ...found, span: { start: 0, end: text.length } }];
      return { verdict: { action: 'block', reason, findings }, clearedUntil };
    },
  };
}

async function risen(
  turns: readonly string[],
  scorers: NonNullable<EscalationRailOptions['scorers']>,
  threshold: number,
): Promise<{ category: string; rule: string; score: number } | undefined> {
  for (const scorer of scorers) {
    const { category } = scorer;
    const joined = await scorer.score(turns.join(' '));
    if (turns.length > 1 && joined >= threshold)
      return { category, rule: 'joined', score: clamp(joined) };
    const scores = await Promise.all(turns.map(async (turn) => scorer.score(turn)));
    const rising = scores.filter(
      (value, index) => value >= threshold / 2 && value >= (scores[index - 1] ?? 0),
    );
    const last = scores.at(-1) ?? 0;
    if (rising.length >= 3 && last >= threshold)
      return { category, rule: 'rising', score: clamp(last) };
  }
  return undefined;
}

function lastTurns(turns: readonly GuardTurn[], count: number): readonly string[] {
  return turns
    .filter(({ role }) => role === 'user')
    .slice(-count)
    .map(({ text }) => text);
}

const lettersOf = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
const clamp = (value: number): number => Math.min(1, Math.max(0, value));
