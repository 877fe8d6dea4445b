import { createSeededRandom } from '@espalier/core';
import { hashText } from '../embedding/hash-text.js';
import type { EntityGraph } from './graph-entity.js';
import { connectedParts } from './internal/connected-parts.js';

const DEFAULT_MAX_SIZE = 12;
const DEFAULT_SEED = 1;
const MIN_SIZE = 2;
const MAX_LEVELS = 6;
const ID_DIGITS = 16;

/** Entities that have more to do with each other than with others. */
export interface GraphCommunity {
  /** Tells its members: the same members give the same id. */
  readonly id: string;
  /** 0 is the coarsest. */
  readonly level: number;
  readonly parentId?: string;
  /** Entity ids, in order. */
  readonly members: readonly string[];
}

/** Gives the number of the community of each node. */
type Louvain = (
  graph: unknown,
  options: { readonly resolution: number; readonly rng: () => number },
) => Readonly<Record<string, number>>;

/** What {@link findCommunities} takes. */
export interface FindCommunitiesOptions {
  readonly graph: EntityGraph;
  /** A larger community is cut further, on the next level. Default 12. */
  readonly maxSize?: number;
  /** Above 1 gives more and smaller communities. Default 1. */
  readonly resolution?: number;
  /** The same seed gives the same communities. Default 1. */
  readonly seed?: number;
}

/**
 * Finds communities by modularity (Louvain), each connected, in levels: those that are too large are cut again.
 *
 * An entity without relations is in none.
 *
 * @see Blondel et al., "Fast Unfolding of Communities in Large Networks" (2008) — here a community that is not connected
 * is cut into its parts, which is the fault of that method that Traag et al., "From Louvain to Leiden" (2019) found.
 */
export async function findCommunities(options: FindCommunitiesOptions): Promise<GraphCommunity[]> {
  const { graph, maxSize = DEFAULT_MAX_SIZE, resolution = 1, seed = DEFAULT_SEED } = options;
  const [{ UndirectedGraph }, { default: loaded }] = await Promise.all([
    import('graphology'),
    import('graphology-communities-louvain'),
  ]);
  // Its declarations put the function under a `default` that its CommonJS does not have.
  const louvain = loaded as unknown as Louvain;
  const edges = [...graph.relations].sort(
    (a, b) => compare(a.source, b.source) || compare(a.target, b.target),
  );

  const cut = (members: ReadonlySet<string>): string[][] => {
    const inner = new UndirectedGraph<Record<string, never>, { weight: number }>();
    for (const member of [...members].sort()) inner.addNode(member);
    for (const { source, target, weight } of edges) {
      if (members.has(source) && members.has(target)) inner.addEdge(source, target, { weight });
    }
    if (inner.size === 0) return [];
    const random = createSeededRandom(seed);
    const found = louvain(inner, { resolution, rng: () => random.next() });
    const groups = new Map<number, string[]>();
    for (const [member, group] of Object.entries(found)) {
      const known = groups.get(group);
      if (known === undefined) groups.set(group, [member]);
      else known.push(member);
    }
    return [...groups.values()].flatMap((group) =>
      connectedParts(group, (member) => inner.neighbors(member)),
    );
  };

  const communities: GraphCommunity[] = [];
  let pending: { members: ReadonlySet<string>; parentId?: string }[] = [
    { members: new Set(graph.entities.keys()) },
  ];
  for (let level = 0; level < MAX_LEVELS && pending.length > 0; level += 1) {
    const next: typeof pending = [];
    for (const { members, parentId } of pending) {
      const parts = cut(members).filter((part) => part.length >= MIN_SIZE);
      // What cannot be cut is on its own level already.
      if (parentId !== undefined && parts.length < 2) continue;
      for (const part of parts) {
        const sorted = part.sort(compare);
        const id = hashText(JSON.stringify(sorted)).slice(0, ID_DIGITS);
        communities.push({
          id,
          level,
          ...(parentId === undefined ? {} : { parentId }),
          members: sorted,
        });
        if (sorted.length > maxSize) next.push({ members: new Set(sorted), parentId: id });
      }
    }
    pending = next;
  }
  return communities.sort(
    (a, b) => a.level - b.level || b.members.length - a.members.length || compare(a.id, b.id),
  );
}

function compare(first: string, second: string): number {
  return first < second ? -1 : first > second ? 1 : 0;
}
