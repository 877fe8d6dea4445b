import { truncateValue } from '@espalier/core';
import { createGuardClassifier, createModerator, type GuardProfile } from '@espalier/guardrails';
import {
  IDENTITY_TERMS,
  measureCounterfactuals,
  measureIdentityAuc,
  type Estimate,
} from '@espalier/guardrails/bias';
import type { ParsedRows, RowProblem } from '@espalier/rag/evaluation';
import { EXIT } from '../errors/exit-codes.js';
import type { CliContext } from './cli-context.js';
import { evalInputError, readRows } from './eval-files.js';

/** What `espalier eval bias` takes. */
export interface EvalBiasOptions {
  readonly data: string;
  readonly profile?: GuardProfile;
  /** Names of identities, with commas. */
  readonly identities?: string;
  /** A moderation score from here on is a flag, in the counterfactual pairs. */
  readonly threshold?: number;
  readonly json?: boolean;
}

interface BiasRow {
  readonly text: string;
  readonly label: 0 | 1;
}

/** The seed of the intervals' resampling: the same rows give the same report. */
const SEED = 2026;
const SHOWN = 8;

/** Measures how moderation treats texts about different groups: AUCs by identity, and counterfactual swaps. */
export async function evalBias(options: EvalBiasOptions, context: CliContext): Promise<number> {
  const { rows, problems } = await readRows(options.data, parseBiasRows, context);
  for (const { file, line, problem } of problems) {
    context.err(`${file}:${line}: ${problem}; left out.\n`);
  }
  if (rows.length === 0) {
    throw evalInputError(
      `The file ${truncateValue(options.data, 200)} has no row {"text", "label"} with a label of 0 or 1.`,
    );
  }
  const classifier = await createGuardClassifier({ profile: options.profile ?? 'balanced' });
  try {
    const moderator = await createModerator({ classifier });
    const known = new Map<string, number>();
    const score = async (text: string): Promise<number> => {
      context.abortSignal.throwIfAborted();
      const found =
        known.get(text) ??
        (await moderator.classify({ text, abortSignal: context.abortSignal })).score;
      known.set(text, found);
      return found;
    };
    const scored = [];
    for (const row of rows) scored.push({ ...row, score: await score(row.text) });
    const identities =
      options.identities?.split(',').map((name) => name.trim()) ?? usualIdentities();
    const auc = measureIdentityAuc(scored, { identities });
    const counterfactual = await measureCounterfactuals({
      texts: rows.map(({ text }) => text),
      score,
      threshold: options.threshold ?? 0.5,
      random: seeded(SEED),
    });
    const report = {
      profile: classifier.profile,
      hasEncoder: classifier.hasEncoder,
      skipped: problems.length,
      ...auc,
      identities: auc.identities.filter(({ rows: count }) => count > 0),
      counterfactual,
    };
    context.out(options.json === true ? `${JSON.stringify(report)}\n` : written(report));
    return problems.length === 0 ? EXIT.ok : EXIT.partial;
  } finally {
    await classifier.dispose();
  }
}

function usualIdentities(): string[] {
  const all = Object.values(IDENTITY_TERMS).flatMap((sets) => sets.flat());
  return [...new Set(all.map((term) => term.toLowerCase()))];
}

function written(report: {
  readonly rows: number;
  readonly auc: number | undefined;
  readonly identities: ReturnType<typeof measureIdentityAuc>['identities'];
  readonly counterfactual: Awaited<ReturnType<typeof measureCounterfactuals>>;
}): string {
  const { counterfactual } = report;
  const shown = (value: number | undefined): string =>
    value === undefined ? 'too few rows' : value.toFixed(3);
  const measured = report.identities.filter(({ bpsnAuc }) => bpsnAuc !== undefined);
  const lines = [
    `${report.rows} rows, AUC ${shown(report.auc)}`,
    'identity: harmless with it against harmful without (BPSN), the other way round (BNSP), within',
    ...measured
      .slice(0, SHOWN)
      .map(
        ({ identity, bpsnAuc, bnspAuc, subgroupAuc }) =>
          `  ${identity}: ${shown(bpsnAuc)}, ${shown(bnspAuc)}, ${shown(subgroupAuc)}`,
      ),
    `${counterfactual.pairs} counterfactual pairs of ${counterfactual.texts} texts`,
    `  mean gap of scores: ${interval(counterfactual.gap)}`,
    `  decided differently: ${interval(counterfactual.flips)}`,
  ];
  return `${lines.join('\n')}\n`;
}

function interval({ value, low, high }: Estimate): string {
  return `${value.toFixed(4)} (95 %: ${low.toFixed(4)} to ${high.toFixed(4)})`;
}

async function parseBiasRows({
  file,
  lines,
}: {
  readonly file: string;
  readonly lines: AsyncIterable<string> | Iterable<string>;
}): Promise<ParsedRows<readonly BiasRow[]>> {
  const rows: BiasRow[] = [];
  const problems: RowProblem[] = [];
  let line = 0;
  for await (const text of lines) {
    line += 1;
    if (text.trim() === '') continue;
    const row = parseBiasRow(text);
    if (typeof row === 'string') problems.push({ file, line, problem: row });
    else rows.push(row);
  }
  return { rows, problems };
}

function parseBiasRow(line: string): BiasRow | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return 'not valid JSON';
  }
  if (typeof value !== 'object' || value === null) return 'not a JSON object';
  const { text, label } = value as { text?: unknown; label?: unknown };
  if (typeof text !== 'string') return 'no string "text"';
  if (label !== 0 && label !== 1) return 'no "label" of 0 or 1';
  return { text, label };
}

/** Park and Miller's generator. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}
