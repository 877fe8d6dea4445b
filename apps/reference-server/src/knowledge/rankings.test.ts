import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '@espalier/core';
import { serializeRankerModel, type RankerModel } from '@espalier/rag/ranking';
import { createEspalierClient } from '@espalier/sdk-ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCommandLine } from '../__fixtures__/command-line.js';
import { startTestServer } from '../__fixtures__/start-test-server.js';
import { loadConfig } from '../config/load-config.js';
import { EXIT } from '../errors/exit-codes.js';
import { loadRankings } from './load-rankings.js';

/** Worth 100 where the feature lies above the threshold. */
const asking = (feature: RankerModel['features'][number], threshold: number): RankerModel => ({
  features: ['score', feature],
  trees: [
    {
      features: [1, -1, -1],
      thresholds: [threshold, 0, 0],
      children: [1, 0, 0],
      values: [0, 0, 100],
    },
  ],
  evidence: {},
});

const commandLine = createCommandLine();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rankings-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});
const write = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

describe('a knowledge base that the configuration names', () => {
  it('ranks with its learned ranker and weights, and the API shows both', async () => {
    const long = write('long.json', serializeRankerModel(asking('length', Math.log(7.5))));
    const server = await startTestServer({
      config: {
        rankers: { long },
        knowledgeBases: [{ name: 'kb', ranker: 'long', weights: { title: 0.7 } }],
      },
    });
    try {
      const apiKey = server.adminKey ?? server.localKey;
      const client = createEspalierClient({ baseUrl: server.url, apiKey });
      const files = [
        { source: 'short.txt', data: 'oak acorns' },
        { source: 'long.txt', data: 'meadow river hill stone cloud acorns lake moor' },
        { source: 'other.txt', data: 'tomato sun water' },
      ];
      for (const knowledgeBase of ['kb', 'plain'])
        await client.documents.upload({ knowledgeBase, create: true, files });
      const find = (name: string) =>
        client.search({ knowledgeBase: name, query: 'oak acorns', explain: true });
      expect((await find('plain')).passages[0]?.source).toBe('short.txt');
      const { passages, explanation } = await find('kb');
      expect(passages[0]?.source).toBe('long.txt');
      expect(explanation?.passages[0]?.legs).toContainEqual(
        expect.objectContaining({ leg: 'learned', score: 100 }),
      );
      expect((await client.knowledgeBases.get({ name: 'kb' })).ranking).toMatchObject({
        tokenStates: false,
        ranker: 'long',
        weights: { title: 0.7, bm25: 0.4 },
      });
      expect((await client.knowledgeBases.get({ name: 'plain' })).ranking).toMatchObject({
        ranker: null,
        weights: { title: 0.2 },
      });
    } finally {
      await server.remove();
    }
  });

  it('is refused where its leg, its bits or its ranker do not exist, or it is named twice', async () => {
    const load = (config: object) =>
      loadConfig({ file: write('c.json', JSON.stringify(config)), directory: folder });
    const refused = async (config: object, why: RegExp): Promise<void> => {
      const loading = load(config);
      await expect(loading).rejects.toThrow(ConfigError);
      await expect(loading).rejects.toThrow(why);
    };
    await refused({ knowledgeBases: [{ name: 'kb', weights: { bm26: 1 } }] }, /bm26/u);
    await refused({ knowledgeBases: [{ name: 'kb', weights: { bm25: -1 } }] }, /weights\.bm25/u);
    await refused({ knowledgeBases: [{ name: 'kb', tokenStates: 3 }] }, /tokenStates/u);
    await refused(
      { rankers: { a: 'a.json' }, knowledgeBases: [{ name: 'kb', ranker: 'b' }] },
      /knowledgeBases\[0\]\.ranker.*no ranker of this name/su,
    );
    await refused({ knowledgeBases: [{ name: 'kb' }, { name: 'kb' }] }, /used twice/u);
  });
});

describe('a ranker that the configuration names', () => {
  it.each([
    ['is missing', () => join(folder, 'none.json'), /ENOENT/u],
    ['is no ranker', () => write('other.json', '{"layers":[]}'), /holds no learned ranker/u],
    [
      'reads what knowledge bases do not know',
      () => write('beside.json', serializeRankerModel(asking('neighborsZ', 0))),
      /neighborsZ.*not known to knowledge bases/u,
    ],
  ])('keeps the server from starting where it %s', async (_, file, why) => {
    const loading = loadRankings({ rankers: { support: file() }, knowledgeBases: [] });
    await expect(loading).rejects.toMatchObject({
      code: 'ERR_SERVER_RANKER',
      exitCode: EXIT.config,
    });
    await expect(loading).rejects.toThrow(/support/u);
    await expect(loading).rejects.toThrow(why);
  });

  it('is read by espalier config check, too', async () => {
    const rankers = { support: join(folder, 'none.json') };
    const code = await commandLine.run([
      'config',
      'check',
      '--json',
      '--config',
      write('c.json', JSON.stringify({ rankers })),
    ]);
    expect(code).toBe(EXIT.config);
    expect(JSON.parse(commandLine.out)).toMatchObject({ error: { code: 'ERR_SERVER_RANKER' } });
  });
});
