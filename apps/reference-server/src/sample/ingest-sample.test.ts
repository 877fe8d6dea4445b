import type { EmbeddingModel } from '@espalier/core';
import { createMockEmbeddingModel } from '@espalier/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { readSse } from '../__fixtures__/read-sse.js';
import { startTestServer, type TestServer } from '../__fixtures__/start-test-server.js';
import { showSample } from '../cli/output/show-sample.js';
import type { SampleDocuments } from './sample-documents.js';

const DOCUMENTS = 3;
const sample: SampleDocuments = {
  fingerprint: () => Promise.resolve('f'),
  count: () => Promise.resolve(DOCUMENTS),
  async *read() {
    for (let index = 0; index < DOCUMENTS; index += 1) {
      yield {
        source: `leaf-${index}.md`,
        bytes: new TextEncoder().encode(`# Leaf ${index}\n\nThe leaf of tree ${index} is green.`),
        mediaType: 'text/markdown',
      };
    }
  },
};

let server: TestServer;
afterEach(() => server.remove());

/** A model that embeds passages only once it is let go. */
function heldEmbedding(): { model: EmbeddingModel; begun: Promise<void>; release(): void } {
  const begun = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const model = createMockEmbeddingModel();
  return {
    begun: begun.promise,
    release: () => {
      gate.resolve();
    },
    model: {
      ...model,
      async doEmbed(call) {
        if (call.texts.some((text) => text.includes('green'))) {
          begun.resolve();
          await gate.promise;
        }
        return model.doEmbed(call);
      },
    },
  };
}

async function ask(): Promise<{ warnings: string[]; last: string | undefined }> {
  const answer = await server.request('/api/v1/agents/docs/runs', {
    json: { input: 'Which colour has the leaf of tree 2?', stream: true },
  });
  const frames = await readSse(answer);
  return {
    warnings: frames
      .filter(({ event }) => event === 'warning')
      .map(({ data }) => (data['warning'] as { message: string }).message),
    last: frames.at(-1)?.event,
  };
}

describe('the sample knowledge base', () => {
  it('tells who asks while it is being built how far it is, and nothing of it afterwards', async () => {
    const held = heldEmbedding();
    server = await startTestServer({ sample, embeddingModel: held.model });
    const early = await ask();
    expect(early.last).toBe('run-finished');
    expect(early.warnings).toEqual([
      expect.stringMatching(
        /knowledge base "espalier" is still being built: \d of 3 documents/u,
      ) as string,
    ]);
    await held.begun;
    const found = await server.request('/api/v1/knowledge-bases/espalier/search', {
      json: { query: 'leaf' },
    });
    expect(((await found.json()) as { warnings: unknown[] }).warnings).toHaveLength(1);
    held.release();
    expect(await server.followSample(() => undefined)).toMatchObject({
      knowledgeBase: 'espalier',
      report: { added: DOCUMENTS },
    });
    expect(await ask()).toEqual({ warnings: [], last: 'run-finished' });
  });

  it('is built once; a start with the same documents has nothing to do', async () => {
    server = await startTestServer({ sample });
    expect(await server.followSample(() => undefined)).toBeDefined();
    await server.close();
    server = await startTestServer({ sample, dataFolder: server.dataFolder });
    expect(await server.followSample(() => undefined)).toBeUndefined();
    expect((await ask()).warnings).toEqual([]);
  });

  it('lets a server stop before it is built, and is built by the next', async () => {
    const held = heldEmbedding();
    server = await startTestServer({ sample, embeddingModel: held.model });
    await held.begun;
    const followed = server.followSample(() => undefined);
    const closed = server.close();
    expect(await followed).toBeUndefined();
    held.release();
    await closed;
    server = await startTestServer({ sample, dataFolder: server.dataFolder });
    await server.followSample(() => undefined);
    const base = await server.request('/api/v1/knowledge-bases/espalier');
    expect(await base.json()).toMatchObject({ documents: DOCUMENTS });
  });
});

describe('what a person is shown of it', () => {
  const report = {
    added: 50,
    updated: 0,
    unchanged: 0,
    removed: 0,
    failed: [],
    chunks: 812,
    durationMs: 6123,
  };
  const show = async (
    isTerminal: boolean,
    result: Awaited<ReturnType<TestServer['followSample']>>,
  ): Promise<string> => {
    let said = '';
    const followSample: TestServer['followSample'] = (onProgress) => {
      for (const documentsDone of [0, 1, 34, 50]) onProgress({ documentsDone, documentsTotal: 50 });
      return Promise.resolve(result);
    };
    await showSample({ followSample }, { say: (text) => (said += text), isTerminal });
    return said;
  };

  it('is one line on a terminal and a few lines elsewhere, then the result', async () => {
    server = await startTestServer();
    const ready =
      '  Sample knowledge base "espalier" is ready: 50 documents, 812 passages added (6.1 s)\n';
    const terminal = await show(true, { knowledgeBase: 'espalier', report });
    expect(terminal).toContain('\r\u001b[K  Sample knowledge base: 34/50 documents');
    expect(terminal.endsWith(`\r\u001b[K${ready}`)).toBe(true);
    expect(await show(false, { knowledgeBase: 'espalier', report })).toBe(
      `  Sample knowledge base: 0/50 documents\n  Sample knowledge base: 34/50 documents\n  Sample knowledge base: 50/50 documents\n${ready}`,
    );
    expect(await show(false, { knowledgeBase: 'espalier', problem: 'no disk' })).toContain(
      'could not be built: no disk',
    );
    expect(await show(true, undefined)).not.toContain('ready');
  });
});
