import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { BaseRanking } from '@espalier/rag';
import type { RankerModel } from '@espalier/rag/ranking';
import type { ServerConfig } from '../config/config-schema.js';
import { rankerUnusable } from '../errors/start-errors.js';

/** How one knowledge base ranks, with the name of its ranker. */
export interface ServerRanking extends BaseRanking {
  readonly rankerName?: string;
}

/** What knowledge bases do in ways of their own, by name. */
export type ServerRankings = ReadonlyMap<string, ServerRanking>;

/**
 * Reads the learned rankers that the configuration names, those that no knowledge base uses too.
 *
 * @throws {StartError} `ERR_SERVER_RANKER`: a file is missing, holds no ranker, or one that reads what knowledge bases do
 * not know.
 */
export async function loadRankings(
  config: Pick<ServerConfig, 'rankers' | 'knowledgeBases'>,
): Promise<ServerRankings> {
  const models = new Map<string, RankerModel>();
  for (const [name, file] of Object.entries(config.rankers))
    models.set(name, await loadRanker(name, file));
  return new Map(
    config.knowledgeBases.map(({ name, tokenStates, weights, ranker }): [string, ServerRanking] => {
      const model = ranker === undefined ? undefined : models.get(ranker);
      return [
        name,
        {
          weights,
          ...(tokenStates === undefined ? {} : { tokenStates }),
          ...(ranker === undefined || model === undefined
            ? {}
            : { ranker: model, rankerName: ranker }),
        },
      ];
    }),
  );
}

async function loadRanker(name: string, file: string): Promise<RankerModel> {
  const { assertKnowledgeBaseRanker, parseRankerModel } = await import('@espalier/rag/ranking');
  try {
    const model = parseRankerModel(await readFile(resolve(file), 'utf8'), file);
    assertKnowledgeBaseRanker(model);
    return model;
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw rankerUnusable({ name, file, problem: problem.replace(/[.]?$/u, '.') }, error);
  }
}
