import type { Passage } from '@espalier/core';
import { analyzeText } from '../../lexical/analyze-text.js';
import { QUESTION_WORDS, STOP_WORDS } from '../../lexical/stop-words.js';
import { entityKey } from '../entity-key.js';
import type { GraphEntity, GraphRelation } from '../graph-entity.js';
import type { GraphView } from './graph-view.js';
import { rankNodes } from './rank-nodes.js';

const LONGEST_NAME = 6;
const SEED_PASSAGES = 3;
const ENTITIES = 10;
const RELATIONS = 20;
const COVERED = 0.5;

/** What a local search found, the best first each. */
export interface LocalFindings {
  readonly entities: readonly (GraphEntity & { readonly score: number })[];
  readonly relations: readonly GraphRelation[];
  /** With `score`, and with `scores` by leg: `bm25`, `graph`. */
  readonly passages: readonly Passage[];
  readonly hasEvidence: boolean;
}

/** Finds what a graph holds about the things that a question names, and about what they are related to. */
export function searchLocal(view: GraphView, query: string, topK: number): LocalFindings {
  const words = view.words.score(query).scores;
  const linked = linkedEntities(view, query);
  const starts = linked.size > 0 ? linked : entitiesOfBest(view, words);
  const ranks = rankNodes(view.graph, starts);

  const byGraph = new Map<string, number>();
  for (const key of view.passages.keys()) {
    let score = 0;
    for (const id of view.entitiesIn(key)) {
      const places = view.graph.entities.get(id)?.places.length ?? 1;
      // What is named everywhere tells little of where to look.
      score += (ranks.get(id) ?? 0) / Math.log2(1 + places);
    }
    if (score > 0) byGraph.set(key, score);
  }
  const mostWords = largest(words);
  const mostGraph = largest(byGraph);
  const share = (value: number | undefined, most: number): number =>
    most === 0 ? 0 : (value ?? 0) / most;
  const passages = [...new Set([...words.keys(), ...byGraph.keys()])]
    .map((key) => ({
      key,
      bm25: words.get(key) ?? 0,
      graph: byGraph.get(key) ?? 0,
      score: share(words.get(key), mostWords) + share(byGraph.get(key), mostGraph),
    }))
    .sort((a, b) => b.score - a.score || (a.key < b.key ? -1 : 1))
    .slice(0, topK);

  const best = [...ranks].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  const near = new Set(best.slice(0, RELATIONS).map(([id]) => id));
  const relations = view
    .relationsWithin([...near])
    .map((relation) => ({
      relation,
      score:
        relation.weight * ((ranks.get(relation.source) ?? 0) + (ranks.get(relation.target) ?? 0)),
    }))
    .sort((a, b) => b.score - a.score || (a.relation.source < b.relation.source ? -1 : 1))
    .slice(0, RELATIONS)
    .map(({ relation }) => relation);
  return {
    entities: best.slice(0, ENTITIES).flatMap(([id, score]) => {
      const entity = view.graph.entities.get(id);
      return entity === undefined ? [] : [{ ...entity, score }];
    }),
    relations,
    passages: passages.flatMap(({ key, score, bm25, graph }) => {
      const passage = view.passages.get(key);
      return passage === undefined ? [] : [{ ...passage, score, scores: { bm25, graph } }];
    }),
    hasEvidence: linked.size > 0 || isCovered(view, query, passages[0]?.key),
  };
}

/** The entities that a question names, rare ones with more weight; a longer name has precedence. */
function linkedEntities(view: GraphView, query: string): ReadonlyMap<string, number> {
  const words = query.match(/[\p{L}\p{N}\p{M}+#]+(?:['’_-][\p{L}\p{N}\p{M}]+)*/gu) ?? [];
  const linked = new Map<string, number>();
  for (let at = 0; at < words.length;) {
    let taken = 1;
    for (let size = Math.min(LONGEST_NAME, words.length - at); size >= 1; size -= 1) {
      const [first = ''] = words.slice(at);
      if (size === 1 && (QUESTION_WORDS.has(first) || STOP_WORDS.has(first))) continue;
      const id = view.byName.get(entityKey(words.slice(at, at + size).join(' ')));
      const entity = id === undefined ? undefined : view.graph.entities.get(id);
      if (entity === undefined) continue;
      linked.set(entity.id, 1 / Math.log2(1 + entity.places.length));
      taken = size;
      break;
    }
    at += taken;
  }
  return linked;
}

function entitiesOfBest(
  view: GraphView,
  words: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const starts = new Map<string, number>();
  const best = [...words].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  for (const [key, score] of best.slice(0, SEED_PASSAGES)) {
    const ids = view.entitiesIn(key);
    for (const id of ids) starts.set(id, (starts.get(id) ?? 0) + score / ids.length);
  }
  return starts;
}

/** Whether the best passage holds half of the question's content words. */
function isCovered(view: GraphView, query: string, key: string | undefined): boolean {
  const content = query.replaceAll(/[\p{L}\p{M}]+/gu, (word) =>
    QUESTION_WORDS.has(word.toLowerCase()) ? ' ' : word,
  );
  const terms = [...new Set(analyzeText(content))];
  if (key === undefined || terms.length === 0) return false;
  return terms.filter((term) => view.words.holds(key, term)).length / terms.length >= COVERED;
}

function largest(values: ReadonlyMap<string, number>): number {
  let most = 0;
  for (const value of values.values()) most = Math.max(most, value);
  return most;
}
