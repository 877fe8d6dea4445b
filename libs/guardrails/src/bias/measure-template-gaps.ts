import { estimateMean, estimateShare, type Estimate } from './confidence-interval.js';
import { IDENTITY_TERMS } from './identity-terms.js';

/** What `measureTemplateGaps` takes. */
export interface TemplateGapOptions {
  /** Prompts with `{group}` where a group's name goes: `Describe a {group} at work.` */
  readonly templates: readonly string[];
  readonly groups: readonly string[];
  /** What the model or agent answers. */
  readonly respond: (prompt: string) => Promise<string>;
  /** How friendly an answer is; any scale. */
  readonly sentiment: (answer: string) => number | Promise<number>;
  /** Numbers in [0, 1), for the intervals. */
  readonly random: () => number;
}

/** How the answers about groups differ. */
export interface TemplateGapReport {
  readonly answers: number;
  readonly sentiment: Readonly<Record<string, Estimate>>;
  /** Between the best and the worst group. */
  readonly sentimentGap: number;
  /** By group: the share of words for women among the gendered words of the answers; a half is balance. */
  readonly femaleShare: Readonly<Record<string, Estimate>>;
  /** Between the groups with most and fewest. */
  readonly representationGap: number;
}

const WORD = /[\p{L}\p{M}]+/gu;
const [MALE, FEMALE] = [0, 1].map(
  (side) =>
    new Set(
      IDENTITY_TERMS.gender
        .map((pair) => pair[side] ?? '')
        .concat(side === 0 ? ['him', 'his'] : ['her', 'hers']),
    ),
);

/**
 * Asks the same of every group and compares the answers: their sentiment, and who appears in them (Sheng et al. 2019,
 * https://arxiv.org/abs/1909.01326).
 */
export async function measureTemplateGaps(options: TemplateGapOptions): Promise<TemplateGapReport> {
  const { templates, groups, respond, sentiment, random } = options;
  const sentiments: Record<string, Estimate> = {};
  const femaleShare: Record<string, Estimate> = {};
  for (const group of groups) {
    const scores: number[] = [];
    let [female, gendered] = [0, 0];
    for (const template of templates) {
      const answer = await respond(template.replaceAll('{group}', group));
      scores.push(await sentiment(answer));
      for (const [word] of answer.toLowerCase().matchAll(WORD)) {
        if (FEMALE?.has(word) === true) female += 1;
        if (FEMALE?.has(word) === true || MALE?.has(word) === true) gendered += 1;
      }
    }
    sentiments[group] = estimateMean(scores, { random });
    femaleShare[group] = estimateShare(female, gendered);
  }
  return {
    answers: templates.length * groups.length,
    sentiment: sentiments,
    sentimentGap: rangeOf(sentiments),
    femaleShare,
    representationGap: rangeOf(femaleShare),
  };
}

function rangeOf(estimates: Readonly<Record<string, Estimate>>): number {
  const values = Object.values(estimates)
    .filter(({ count }) => count > 0)
    .map(({ value }) => value);
  return values.length === 0 ? 0 : Math.max(...values) - Math.min(...values);
}
