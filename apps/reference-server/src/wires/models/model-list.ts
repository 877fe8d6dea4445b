import type { ModelDirectory, ModelEntry } from '../wires-context.js';

/** A model as OpenAI's API shows it. */
export function openaiModel(entry: ModelEntry): object {
  return {
    id: entry.id,
    object: 'model',
    created: Math.floor(entry.createdAtMs / 1000),
    owned_by: entry.ownedBy,
  };
}

/** A model as Anthropic's API shows it. */
export function anthropicModel(entry: ModelEntry): object {
  return {
    type: 'model',
    id: entry.id,
    display_name: entry.displayName ?? entry.id,
    created_at: new Date(entry.createdAtMs).toISOString(),
  };
}

/** The list of models as OpenAI's API shows it. */
export function openaiModelList(models: ModelDirectory): object {
  return { object: 'list', data: models.list().map(openaiModel) };
}

/** One page of models as Anthropic's API shows it; embedding models are left out, as that API has none. */
export function anthropicModelList(
  models: ModelDirectory,
  page: { limit: number; afterId: string | undefined; beforeId: string | undefined },
): object {
  const all = models.list().filter((entry) => entry.kind !== 'embedding');
  const indexOf = (id: string | undefined): number => all.findIndex((entry) => entry.id === id);
  const after = indexOf(page.afterId);
  const before = indexOf(page.beforeId);
  const end = before === -1 ? undefined : before;
  const start = end === undefined ? after + 1 : Math.max(after + 1, end - page.limit);
  const candidates = all.slice(start, end);
  const data = candidates.slice(0, page.limit);
  return {
    data: data.map(anthropicModel),
    has_more: end === undefined ? candidates.length > data.length : start > 0,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
  };
}
