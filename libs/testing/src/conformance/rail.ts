import type { Rail, RailPoint, Verdict } from '@espalier/core';
import { describe, expect, it } from 'vitest';

/** A text with what the rail is to decide about it. */
export interface RailSample {
  readonly text: string;
  readonly action: Verdict['action'];
  /** Default: the rail's first point. */
  readonly point?: RailPoint;
}

/** What the suite needs. */
export interface RailConformanceOptions {
  create(): Rail | Promise<Rail>;
  /** At least one text that is allowed and one that is not. */
  readonly samples: readonly RailSample[];
}

/** Declares the tests that every `Rail` must pass. */
export function describeRailConformance(name: string, options: RailConformanceOptions): void {
  const samples = options.samples.map(
    (sample, n) => [`sample ${n + 1} (${sample.action})`, sample] as const,
  );

  describe(`${name} keeps the Rail contract`, () => {
    it('says who it is, where it looks and how much it holds back', async () => {
      const rail = await options.create();
      expect(rail.specificationVersion).toBe('v1');
      expect(rail.name).not.toBe('');
      expect(rail.points.length).toBeGreaterThan(0);
      expect(rail.maxHoldBack).toBeGreaterThanOrEqual(0);
      expect(rail.lookBehind).toBeGreaterThanOrEqual(0);
      expect(Number.isFinite(rail.lookBehind)).toBe(true);
    });

    it('allows an empty text', async () => {
      const rail = await options.create();
      expect(await check(rail, '', true)).toEqual({
        verdict: { action: 'allow' },
        clearedUntil: 0,
      });
    });

    it.each(samples)('decides as expected on %s and clears all of it', async (_, sample) => {
      const rail = await options.create();
      const result = await check(rail, sample.text, true, sample.point);
      expect(result.verdict.action).toBe(sample.action);
      expect(result.clearedUntil).toBe(sample.text.length);
    });

    it.each(samples)(
      'gives findings inside the text, in order and apart, on %s',
      async (_, sample) => {
        const rail = await options.create();
        const { verdict } = await check(rail, sample.text, true, sample.point);
        let last = 0;
        for (const { span, score, category } of findingsOf(verdict)) {
          expect(span.start).toBeGreaterThanOrEqual(last);
          expect(span.end).toBeGreaterThan(span.start);
          expect(span.end).toBeLessThanOrEqual(sample.text.length);
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(1);
          expect(category).not.toBe('');
          last = span.end;
        }
      },
    );

    it.each(samples)('decides the same on the same text again: %s', async (_, sample) => {
      const rail = await options.create();
      const first = await check(rail, sample.text, true, sample.point);
      expect(await check(rail, sample.text, true, sample.point)).toEqual(first);
    });

    it.each(samples)(
      'never changes its mind about what it has cleared while %s grows',
      async (_, sample) => {
        const rail = await options.create();
        const whole = (await check(rail, sample.text, true, sample.point)).verdict;
        for (let length = 0; length <= sample.text.length; length++) {
          const { verdict, clearedUntil } = await check(
            rail,
            sample.text.slice(0, length),
            false,
            sample.point,
          );
          expect(clearedUntil).toBeLessThanOrEqual(length);
          if (verdict.action === 'block' || verdict.action === 'replace') {
            expect(whole.action).toBe(verdict.action);
            continue;
          }
          expect(length - clearedUntil).toBeLessThanOrEqual(rail.maxHoldBack);
          const before = (from: Verdict): unknown =>
            findingsOf(from).filter(({ span }) => span.start < clearedUntil);
          expect(before(verdict)).toEqual(before(whole));
        }
      },
    );
  });
}

async function check(
  rail: Rail,
  text: string,
  isFinal: boolean,
  point = rail.points[0],
): Promise<Awaited<ReturnType<Rail['check']>>> {
  return rail.check({ point: point ?? 'output', text, isFinal });
}

function findingsOf(
  verdict: Verdict,
): readonly { span: { start: number; end: number }; score: number; category: string }[] {
  return verdict.action === 'allow' ? [] : verdict.findings;
}
