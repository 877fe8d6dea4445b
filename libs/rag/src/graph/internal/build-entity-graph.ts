import { entityKey } from '../entity-key.js';
import type { GraphDocument } from '../graph-document.js';
import type { EntityGraph, GraphEntity, GraphPlace, GraphRelation } from '../graph-entity.js';
import { resolveEntities } from './resolve-entities.js';

const MAX_LABELS = 5;
const MAX_DESCRIPTIONS = 5;

interface Gathered {
  readonly names: Map<string, number>;
  readonly types: Map<string, number>;
  readonly descriptions: Set<string>;
  readonly places: GraphPlace[];
}

interface GatheredRelation {
  readonly source: string;
  readonly target: string;
  weight: number;
  readonly labels: Map<string, number>;
  readonly places: GraphPlace[];
}

/** Puts together what documents say; the same documents give the same graph in any order. */
export function buildEntityGraph(given: readonly GraphDocument[]): EntityGraph {
  const documents = [...given].sort((a, b) => (a.documentId < b.documentId ? -1 : 1));
  const resolve = resolveEntities(documents);
  const gathered = new Map<string, Gathered>();
  const relations = new Map<string, GatheredRelation>();

  for (const { documentId, passages, mentions, relations: related } of documents) {
    const placeOf = (passage: number, span: GraphPlace['span']): GraphPlace => ({
      documentId,
      passageId: passages[passage]?.id ?? '',
      span: { start: span.start, end: span.end },
    });
    for (const { name, type, passage, span, description } of mentions) {
      const id = resolve(entityKey(name));
      if (id === '') continue;
      const entity: Gathered = gathered.get(id) ?? {
        names: new Map(),
        types: new Map(),
        descriptions: new Set(),
        places: [],
      };
      gathered.set(id, entity);
      count(entity.names, name);
      count(entity.types, type);
      if (description !== undefined) entity.descriptions.add(description);
      entity.places.push(placeOf(passage, span));
    }
    for (const { source, target, label, weight, passage, span } of related) {
      const ends = [resolve(entityKey(source)), resolve(entityKey(target))].sort();
      const [first = '', second = ''] = ends;
      if (first === '' || first === second) continue;
      const key = `${first}\n${second}`;
      const known: GatheredRelation = relations.get(key) ?? {
        source: first,
        target: second,
        weight: 0,
        labels: new Map<string, number>(),
        places: [],
      };
      known.weight += weight;
      known.places.push(placeOf(passage, span));
      count(known.labels, label);
      relations.set(key, known);
    }
  }

  const entities = new Map<string, GraphEntity>();
  for (const [id, { names, types, descriptions, places }] of gathered) {
    const [name = id, ...aliases] = byCount(names);
    entities.set(id, {
      id,
      name,
      type: byCount(types)[0] ?? 'name',
      aliases,
      descriptions: [...descriptions].slice(0, MAX_DESCRIPTIONS),
      places,
    });
  }
  const known = [...relations.values()]
    .filter(({ source, target }) => entities.has(source) && entities.has(target))
    .map((relation): GraphRelation => ({
      ...relation,
      labels: byCount(relation.labels).slice(0, MAX_LABELS),
    }));
  return { entities, relations: known };
}

function count(counts: Map<string, number>, value: string): void {
  counts.set(value, (counts.get(value) ?? 0) + 1);
}

/** The most frequent first; of equal ones the longer, then the smaller. */
function byCount(counts: ReadonlyMap<string, number>): string[] {
  return [...counts]
    .sort(([a, n], [b, m]) => m - n || b.length - a.length || (a < b ? -1 : 1))
    .map(([value]) => value);
}
