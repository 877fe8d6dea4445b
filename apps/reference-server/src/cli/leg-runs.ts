import type { RankedPassage } from '@espalier/rag/evaluation';
import type { HybridRanker } from '@espalier/rag/ranking';
import type { CliContext } from './cli-context.js';

/** The ranking that each leg of a hybrid ranking gives alone, by the name of the leg. */
export async function rankByLegs(
  options: {
    readonly ranker: HybridRanker;
    readonly queries: readonly { readonly id: string; readonly text: string }[];
    readonly depth: number;
    readonly onProgress: (done: number) => void;
  },
  context: CliContext,
): Promise<ReadonlyMap<string, Map<string, RankedPassage[]>>> {
  const { ranker, queries, depth } = options;
  const runs = new Map<string, Map<string, RankedPassage[]>>();
  for (const [done, { id: query, text }] of queries.entries()) {
    options.onProgress(done);
    const matches = await ranker.rank({
      query: text,
      topK: ranker.size,
      abortSignal: context.abortSignal,
    });
    const byLeg = new Map<string, RankedPassage[]>();
    for (const { id, legs } of matches) {
      for (const [leg, score] of Object.entries(legs)) {
        const ranked = byLeg.get(leg);
        if (ranked === undefined) byLeg.set(leg, [{ id, score }]);
        else ranked.push({ id, score });
      }
    }
    for (const [leg, ranked] of byLeg) {
      // A stable sort of what the whole ranking ordered would give a leg that says nothing the order of the others.
      ranked.sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
      const run = runs.get(leg) ?? new Map<string, RankedPassage[]>();
      runs.set(leg, run.set(query, ranked.slice(0, depth)));
    }
  }
  return runs;
}
