import { createMockModel } from '@espalier/testing';
import { describe, expect, it } from 'vitest';
import {
  carryOverTopic,
  condenseQuestion,
  createSpellingCorrector,
  decomposeQuery,
  expandQuery,
  extractFilter,
  imagineAnswer,
} from './index.js';

const modelOf = (...turns: unknown[]) =>
  createMockModel({
    turns: turns.map((turn) => (typeof turn === 'string' ? turn : JSON.stringify(turn))),
  });

describe('expandQuery', () => {
  it('gives the query and other wordings, each once', async () => {
    const model = modelOf({
      queries: ['Rotate a key?', 'renew keys', 'renew  keys!', 'swap keys', 'x'],
    });
    const { queries } = await expandQuery({ model, query: 'rotate a key', count: 2 });
    expect(queries).toEqual(['rotate a key', 'renew keys', 'swap keys']);
    expect(JSON.stringify(model.calls[0]?.messages)).toContain('rotate a key');
  });

  it('goes on with the query alone where the model gives nothing usable', async () => {
    const { queries, warnings } = await expandQuery({ model: modelOf('sorry'), query: 'a' });
    expect(queries).toEqual(['a']);
    expect(warnings).toHaveLength(1);
  });

  it('is ended by its signal', async () => {
    const abortSignal = AbortSignal.abort(new Error('Enough.'));
    await expect(expandQuery({ model: modelOf({}), query: 'a', abortSignal })).rejects.toThrow(
      'Enough.',
    );
  });
});

describe('decomposeQuery', () => {
  it('gives a question for each thing that is asked', async () => {
    const model = modelOf({ questions: ['What is A?', 'What is B?'] });
    expect((await decomposeQuery({ model, query: 'How do A and B differ?' })).queries).toEqual([
      'How do A and B differ?',
      'What is A?',
      'What is B?',
    ]);
  });
});

describe('imagineAnswer', () => {
  it('gives a passage, or none', async () => {
    expect(
      (await imagineAnswer({ model: modelOf({ passage: ' It is so. ' }), query: 'Why?' })).passage,
    ).toBe('It is so.');
    expect(
      (await imagineAnswer({ model: modelOf({ passage: ' ' }), query: 'Why?' })).passage,
    ).toBeUndefined();
    expect((await imagineAnswer({ model: modelOf('no'), query: 'Why?' })).passage).toBeUndefined();
  });
});

describe('extractFilter', () => {
  const fields = [
    { name: 'year', type: 'number' },
    { name: 'kind', type: 'string', values: ['guide', 'paper'] },
  ] as const;
  const query = 'guides on rails since 2024';
  const extract = (answer: unknown) => extractFilter({ model: modelOf(answer), query, fields });

  it('gives what the query says about metadata as a filter, and the rest as the query', async () => {
    const filter = {
      op: 'and',
      filters: [
        { field: 'kind', op: 'eq', value: 'guide' },
        { field: 'year', op: 'gte', value: 2024 },
      ],
    };
    expect(await extract({ query: 'rails', filter })).toMatchObject({
      query: 'rails',
      filter,
      warnings: [],
    });
    expect(await extract({ query: 'rails', filter: null })).toMatchObject({
      query,
      filter: undefined,
    });
    expect(await extract({ query: '', filter })).toMatchObject({ query });
  });

  it.each([
    [{ field: 'secret', op: 'eq', value: 'x' }, /no field "secret"/u],
    [{ field: 'year', op: 'gte', value: '2024' }, /no string/u],
    [{ field: 'kind', op: 'in', values: ['guide', 'song'] }, /never "song"/u],
    [{ op: 'not', filter: { field: 'x', op: 'exists', value: true } }, /no field "x"/u],
    [{ op: 'or', filters: [] }, /of nothing/u],
    ['year > 2024', /not a filter/u],
  ])('leaves out %j and says why', async (filter, problem) => {
    const result = await extract({ query: 'rails', filter });
    expect(result).toMatchObject({ query, filter: undefined });
    expect(result.warnings[0]?.message).toMatch(problem);
  });
});

describe('condenseQuestion', () => {
  const history = [
    { role: 'user', text: 'How do I rotate an API key?' },
    { role: 'assistant', text: 'With the keys command.' },
  ] as const;

  it('asks the model with the conversation, and not at all without one', async () => {
    const model = modelOf({ question: 'How often should an API key be rotated?' });
    const options = { model, query: 'How often should I do that?' };
    expect((await condenseQuestion({ ...options, history: [] })).query).toBe(options.query);
    expect(model.calls).toHaveLength(0);
    expect((await condenseQuestion({ ...options, history })).query).toBe(
      'How often should an API key be rotated?',
    );
  });

  it('carries the topic over where the model fails', async () => {
    const { query } = await condenseQuestion({
      model: modelOf('?'),
      query: 'And why is it needed?',
      history,
    });
    expect(query).toBe('And why is it needed? rotate api key');
  });

  it('leaves a query alone that refers to nothing', () => {
    const query = 'Which vector stores are supported by knowledge bases?';
    expect(carryOverTopic({ query, history })).toBe(query);
    expect(carryOverTopic({ query: 'it?', history: [] })).toBe('it?');
  });

  it('goes back to the last message that names a topic', () => {
    const longer = [...history, { role: 'user', text: 'And is it safe?' }] as const;
    expect(carryOverTopic({ query: 'How long does that take?', history: longer })).toBe(
      'How long does that take? safe rotate api key',
    );
  });
});

describe('createSpellingCorrector', () => {
  const corrector = createSpellingCorrector({
    words: [
      { word: 'authentication', count: 9 },
      { word: 'retrieval', count: 5 },
      { word: 'river', count: 2 },
      { word: 'rover', count: 7 },
      { word: 'rare', count: 1 },
      { word: 'database', count: 3 },
    ],
  });
  it('replaces words that the corpus does not know by the likeliest one', () => {
    expect(corrector.correct('How does Authentcation of a retreival databse work?')).toEqual({
      text: 'How does authentication of a retrieval database work?',
      corrections: [
        { from: 'Authentcation', to: 'authentication' },
        { from: 'retreival', to: 'retrieval' },
        { from: 'databse', to: 'database' },
      ],
    });
    // Both are one letter away; the more frequent one wins.
    expect(corrector.correct('rxver').text).toBe('rover');
  });

  it('leaves known words, short words, identifiers, numbers and strangers alone', () => {
    const text = 'river rare rvr getDatabse max_databse databse2 zebra ριβερ';
    expect(corrector.correct(text)).toEqual({ text, corrections: [] });
  });
});
