import type { Finding, Rail, RailCheckOptions, RailPoint } from '@espalier/core';
import { LONGEST_WINDOW, WINDOW_CONTEXT } from './text-windows.js';
import type { ClassifiedText } from './verdict-scores.js';

/** What `createClassifierRail` takes. */
export interface ClassifierRailOptions {
  readonly name: string;
  readonly points: readonly RailPoint[];
  /** What the text holds, in a reason. */
  readonly noun: string;
  readonly classify: (
    options: Pick<RailCheckOptions, 'text' | 'from' | 'isFinal' | 'abortSignal' | 'point'>,
  ) => Promise<ClassifiedText & { readonly judgedUntil: number }>;
}

/** Makes a rail of a classifier of windows; it blocks. */
export function createClassifierRail(options: ClassifierRailOptions): Rail {
  return {
    specificationVersion: 'v1',
    name: options.name,
    points: options.points,
    maxHoldBack: LONGEST_WINDOW,
    lookBehind: WINDOW_CONTEXT,
    async check(at) {
      const judged = await options.classify(at);
      const clearedUntil = at.isFinal ? at.text.length : judged.judgedUntil;
      if (!judged.flagged) return { verdict: { action: 'allow' }, clearedUntil };
      const flagged = Object.entries(judged.categories).filter(([, { flagged }]) => flagged);
      const findings: Finding[] = flagged.map(([category, { score }]) => ({
        span: judged.span,
        category,
        score,
      }));
      const names = flagged.map(([category]) => category).join(', ');
      const reason = `The text holds ${options.noun}: ${names}.`;
      return { verdict: { action: 'block', reason, findings }, clearedUntil };
    },
  };
}
