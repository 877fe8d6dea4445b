import type { EntityGraph } from '../graph-entity.js';

const DAMPING = 0.5;
const ROUNDS = 30;
const CLOSE = 1e-6;

/**
 * Returns how near each entity is to the ones that a walk starts from (personalised PageRank); entities out of reach are
 * left out. The values sum to 1.
 *
 * @see Gutiérrez et al., "HippoRAG" (2024), which walks from the entities of a question with the same damping.
 */
export function rankNodes(
  graph: EntityGraph,
  starts: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const total = [...starts.values()].reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return new Map();
  const edges = new Map<string, { to: string; weight: number }[]>();
  const out = new Map<string, number>();
  const connect = (from: string, to: string, weight: number): void => {
    const known = edges.get(from);
    if (known === undefined) edges.set(from, [{ to, weight }]);
    else known.push({ to, weight });
    out.set(from, (out.get(from) ?? 0) + weight);
  };
  for (const { source, target, weight } of graph.relations) {
    connect(source, target, weight);
    connect(target, source, weight);
  }
  const restart = new Map([...starts].map(([id, weight]) => [id, weight / total]));
  let ranks: Map<string, number> = new Map(restart);
  for (let round = 0; round < ROUNDS; round += 1) {
    const next = new Map<string, number>();
    const add = (id: string, mass: number): void => {
      next.set(id, (next.get(id) ?? 0) + mass);
    };
    for (const [id, mass] of restart) add(id, (1 - DAMPING) * mass);
    for (const [id, mass] of ranks) {
      const sum = out.get(id) ?? 0;
      // From where there is no way on the walk starts anew.
      if (sum === 0) for (const [start, share] of restart) add(start, DAMPING * mass * share);
      else
        for (const { to, weight } of edges.get(id) ?? []) add(to, (DAMPING * mass * weight) / sum);
    }
    let change = 0;
    for (const [id, mass] of next) change += Math.abs(mass - (ranks.get(id) ?? 0));
    ranks = next;
    if (change < CLOSE) break;
  }
  return ranks;
}
