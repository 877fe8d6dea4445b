import { createPluginHost, type Document, type LanguageModel } from '@espalier/core';
import {
  createModelContextualChunker,
  createPropositionChunker,
  createRecursiveChunker,
} from '@espalier/rag';
import { createModelExtractor } from '@espalier/rag/graph';
import {
  condenseQuestion,
  decomposeQuery,
  expandQuery,
  extractFilter,
  imagineAnswer,
} from '@espalier/rag/query';
import { createLanguageModelReranker } from '@espalier/rag/ranking';
import {
  createFaultyUpstream,
  createMockEmbeddingModel,
  type FaultyUpstream,
} from '@espalier/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configSchema } from '../config/config-schema.js';
import { createModels } from './create-models.js';

// The steps of retrieval that ask a language model, through each adapter that `providers` may name.

let upstream: FaultyUpstream;
let models: ReadonlyMap<string, LanguageModel>;
beforeAll(async () => {
  upstream = await createFaultyUpstream();
  const config = configSchema.parse({
    providers: [
      {
        id: 'compatible',
        provider: 'openai-compatible',
        baseURL: `${upstream.url}/v1`,
        model: 'm',
      },
      { id: 'openai', provider: 'openai', baseURL: `${upstream.url}/v1`, apiKey: 'k', model: 'm' },
      { id: 'anthropic', provider: 'anthropic', baseURL: upstream.url, apiKey: 'k', model: 'm' },
    ],
  });
  const embeddingModel = createMockEmbeddingModel({ dimension: 4 });
  models = await createModels({ config, host: createPluginHost(), embeddingModel });
});
afterAll(() => upstream.close());

const chatCompletion = (text: string): unknown => ({
  id: 'c',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
});
/** What a provider sends for an answer of this text. */
const BODIES: Readonly<Record<string, (text: string) => unknown>> = {
  compatible: chatCompletion,
  openai: chatCompletion,
  anthropic: (text) => ({
    id: 'a',
    type: 'message',
    role: 'assistant',
    model: 'm',
    content: [{ type: 'text', text }],
    stop_reason: 'end_turn',
    usage: { input_tokens: 3, output_tokens: 2 },
  }),
};

const document: Document = {
  id: 'd',
  source: 'd.txt',
  mediaType: 'text/plain',
  text: 'Ada wrote to Babbage. He built an engine.',
};
const tokens = { countTokens: (text: string) => text.split(' ').length, tokenizerId: 'words' };
const passage = {
  id: 'd#0',
  documentId: 'd',
  source: 'd.txt',
  text: document.text,
  span: { start: 0, end: document.text.length },
  lines: { start: 1, end: 1 },
  score: 1,
  metadata: {},
};

/** Each step, what its model answers, and what of its result is looked at. */
const STEPS: readonly (readonly [
  string,
  unknown,
  (model: LanguageModel) => Promise<unknown>,
  unknown,
])[] = [
  [
    'expands a query',
    { queries: ['swap keys'] },
    async (model) => (await expandQuery({ model, query: 'rotate keys' })).queries,
    ['rotate keys', 'swap keys'],
  ],
  [
    'decomposes a question',
    { questions: ['What is A?'] },
    async (model) => (await decomposeQuery({ model, query: 'A or B?' })).queries,
    ['A or B?', 'What is A?'],
  ],
  [
    'imagines an answer (HyDE)',
    { passage: 'Keys are rotated monthly.' },
    async (model) => (await imagineAnswer({ model, query: 'when?' })).passage,
    'Keys are rotated monthly.',
  ],
  [
    'condenses a conversation',
    { question: 'How often are keys rotated?' },
    async (model) =>
      (
        await condenseQuestion({
          model,
          query: 'How often?',
          history: [{ role: 'user', text: 'Are keys rotated?' }],
        })
      ).query,
    'How often are keys rotated?',
  ],
  [
    'takes a filter out of a query',
    { query: 'keys', filter: { field: 'year', op: 'gte', value: 2024 } },
    async (model) =>
      (
        await extractFilter({
          model,
          query: 'keys since 2024',
          fields: [{ name: 'year', type: 'number' }],
        })
      ).filter,
    { field: 'year', op: 'gte', value: 2024 },
  ],
  [
    'orders texts',
    { order: [2, 1] },
    async (model) =>
      (
        await createLanguageModelReranker({ model }).doRerank({ query: 'q', texts: ['a', 'b'] })
      ).ranking.map(({ index }) => index),
    [1, 0],
  ],
  [
    'writes propositions',
    { sentences: [{ number: 2, propositions: ['Babbage built an engine.'] }] },
    async (model) =>
      (await createPropositionChunker({ ...tokens, model }).doChunk({ document })).chunks.map(
        ({ indexText }) => indexText,
      ),
    [undefined, 'Babbage built an engine.'],
  ],
  [
    'writes the context of a chunk',
    { context: 'From letters.' },
    async (model) => {
      const chunker = createRecursiveChunker({ ...tokens, maxTokens: 50 });
      const { chunks } = await createModelContextualChunker({ chunker, model }).doChunk({
        document,
      });
      return chunks[0]?.indexText?.includes('From letters.');
    },
    true,
  ],
  [
    'reads entities and relations',
    {
      entities: [
        { name: 'Ada', type: 'person', description: '' },
        { name: 'Babbage', type: 'person', description: '' },
      ],
      relations: [
        { source: 'Ada', target: 'Babbage', label: 'wrote to', quote: 'Ada wrote', strength: 5 },
      ],
    },
    async (model) =>
      (await createModelExtractor({ model }).doExtract({ passages: [passage] })).relations.map(
        ({ label }) => label,
      ),
    ['wrote to'],
  ],
];

describe.each(Object.keys(BODIES))('Through the adapter %s, a language model', (id) => {
  it.each(STEPS)('%s', async (_, answer, ask, expected) => {
    const model = models.get(id);
    if (model === undefined) throw new Error(`There is no model ${id}.`);
    const body = JSON.stringify(BODIES[id]?.(JSON.stringify(answer)));
    upstream.play([
      { do: 'head', headers: { 'content-type': 'application/json' } },
      { do: 'write', data: body },
      { do: 'end' },
    ]);
    expect(await ask(model)).toEqual(expected);
  });
});
