import type {
  AssistantPart,
  Citation,
  EmbeddingModel,
  LanguageModelCallOptions,
  Message,
  PassagePart,
} from '@espalier/core';
import { describeLanguageModelConformance } from '@espalier/testing/conformance';
import { describe, expect, it } from 'vitest';
import { readStream } from '../__fixtures__/read-stream.js';
import { createExtractiveAnswerer } from './create-extractive-answerer.js';

const guide = `# Write a plug-in

A plug-in adds a store or a model. It is made with \`definePlugin\`:

\`\`\`ts
export const mine = definePlugin({ name: 'mine', setup(host) {} });
\`\`\`

To register it, do this:

1. Add it to the list of plug-ins
   in \`espalier.config.ts\`.
2. Start the server again.

## Limits

| limit | default |
|---|---|
| body size | 32 MB |
| JSON depth | 128 |

The server was first released in 2021. Its logo shows a pear tree, e.g. on the start page. Is it red?
`;

const document = `Preface.\n\n${guide}`;
const passageOf = (text: string, index = 1): PassagePart => {
  const start = document.indexOf(text);
  return {
    type: 'passage',
    index,
    passage: {
      id: `guide#${index}`,
      documentId: 'guide',
      source: 'guide.md',
      text,
      span: { start, end: start + text.length },
      lines: {
        start: document.slice(0, start).split('\n').length,
        end: document.slice(0, start + text.length).split('\n').length,
      },
    },
  };
};
const ask = (question: string, parts: readonly PassagePart[] = [passageOf(guide)]): Message[] => [
  { role: 'user', content: [...parts, { type: 'text', text: question }] },
];
const answer = async (
  question: string,
  options: Partial<LanguageModelCallOptions> = {},
  parts?: readonly PassagePart[],
) => {
  const result = await createExtractiveAnswerer().doGenerate({
    messages: ask(question, parts),
    ...options,
  });
  return { ...result, text: textOf(result.content), citations: citationsOf(result.content) };
};
const textOf = (content: readonly AssistantPart[]): string =>
  content.map((part) => (part.type === 'text' ? part.text : '')).join('');
const citationsOf = (content: readonly AssistantPart[]): Citation[] =>
  content.flatMap((part) => (part.type === 'citation' ? [part.citation] : []));

describe('createExtractiveAnswerer', () => {
  it('answers a fact with the sentence that holds it, and its marker', async () => {
    const { text, finishReason } = await answer('When was the server first released?');
    expect(text).toBe('The server was first released in 2021. [1]');
    expect(finishReason).toBe('stop');
  });

  it('keeps the code and the steps of a "how do I" answer with their lead-in, in order', async () => {
    const { text } = await answer('How do I write and register a plug-in?');
    const places = [
      'made with `definePlugin`',
      'export const mine',
      'To register it',
      '1. Add it to the list of plug-ins in `espalier.config.ts`.',
      '2. Start the server again.',
    ].map((piece) => text.indexOf(piece));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(text).toContain(
      "```ts\nexport const mine = definePlugin({ name: 'mine', setup(host) {} });\n```\n\n[1]",
    );
  });

  it('cites the exact place of each piece, and where it stands in the answer', async () => {
    for (const question of [
      'How do I write and register a plug-in?',
      'What is the default body size?',
      'When was the server first released?',
    ]) {
      const { text, citations } = await answer(question);
      expect(citations.length).toBeGreaterThan(0);
      for (const { span, quote, lines, answerSpan } of citations) {
        expect(document.slice(span.start, span.end)).toBe(quote);
        expect(
          document
            .split('\n')
            .slice(lines.start - 1, lines.end)
            .join('\n'),
        ).toContain(quote);
        const shown = text.slice(answerSpan?.start, answerSpan?.end).replace(/\s+/gu, '');
        expect(quote.replace(/\s+/gu, '')).toContain(shown);
        expect(shown.length).toBeGreaterThan(5);
        expect(text.slice(answerSpan?.end)).toMatch(/^\s*\[1\]/u);
      }
    }
  });

  it('shows a row of a table under its head', async () => {
    const { text } = await answer('What is the default body size?');
    expect(text).toContain('| limit | default |\n|---|---|\n| body size | 32 MB [1] |');
  });

  it('says the same thing once when passages overlap', async () => {
    const tail = guide.slice(guide.indexOf('## Limits'));
    const { citations } = await answer('When was the server first released?', {}, [
      passageOf(guide, 1),
      passageOf(tail, 2),
    ]);
    expect(citations).toHaveLength(1);
  });

  it('brings the sentence before along when one points back to it', async () => {
    const { text } = await answer('What does the logo of the server show?');
    expect(text).toBe(
      'The server was first released in 2021. [1] Its logo shows a pear tree, e.g. on the start page. [1]',
    );
  });

  it('says plainly that the documents hold no answer, and cites nothing', async () => {
    const { text, citations } = await answer('Who won the chess championship of Peru?');
    expect(text).toContain('do not seem to hold an answer');
    expect(citations).toEqual([]);
  });

  it('says what it is when it gets no documents', async () => {
    const { text, citations } = await answer('Tell me a joke.', {}, []);
    expect(text).toContain('extractive answerer');
    expect(text).toContain('none came with this question');
    expect(citations).toEqual([]);
  });

  it('takes what a short question leaves out from the one before', async () => {
    const { content } = await createExtractiveAnswerer().doGenerate({
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'Tell me about the server logo.' }] },
        { role: 'assistant', content: [{ type: 'text', text: 'It is nice.' }] },
        ...ask('And what does it show?'),
      ],
    });
    expect(textOf(content)).toContain('pear tree');
  });

  it('streams in many pieces the text that it gives whole, and cites with it', async () => {
    const model = createExtractiveAnswerer();
    const {
      parts,
      answer: streamed,
      text,
    } = await readStream(model, { messages: ask('How do I register a plug-in?') });
    expect(parts.filter(({ type }) => type === 'text-delta').length).toBeGreaterThan(4);
    expect(text).toBe((await answer('How do I register a plug-in?')).text);
    expect(citationsOf(streamed.content).length).toBeGreaterThan(0);
  });

  it('keeps to maxOutputTokens with whole sentences, and says that it was cut', async () => {
    const long = await answer('How do I write and register a plug-in?');
    const cut = await answer('How do I write and register a plug-in?', { maxOutputTokens: 30 });
    expect(cut.finishReason).toBe('length');
    expect(cut.usage.outputTokens).toBeLessThanOrEqual(30);
    expect(long.text.startsWith(cut.text)).toBe(true);
    const tiny = await answer('When was the server first released?', { maxOutputTokens: 3 });
    expect(tiny.text).toBe('The server was');
    expect(tiny.citations).toEqual([]);
  });

  it('stops before a stop sequence', async () => {
    const { text, finishReason } = await answer('When was the server first released?', {
      stopSequences: ['released'],
    });
    expect(text).toBe('The server was first ');
    expect(finishReason).toBe('stop');
  });

  it('refuses what it can never do, and warns of what has no effect', async () => {
    await expect(answer('x', { toolChoice: { type: 'required' } })).rejects.toMatchObject({
      code: 'ERR_INFERENCE_UNSUPPORTED',
      details: { option: 'toolChoice' },
    });
    await expect(answer('x', { responseFormat: { type: 'json' } })).rejects.toMatchObject({
      code: 'ERR_INFERENCE_UNSUPPORTED',
      details: { option: 'responseFormat' },
    });
    const { warnings } = await answer('x', {
      temperature: 1,
      tools: [{ name: 't', inputSchema: { type: 'object' } }],
    });
    expect(warnings.map(({ option }) => option)).toEqual(['temperature', 'tools']);
  });

  it('finds by meaning what shares no word with the question, with an embedding model', async () => {
    const meaning = (text: string): number[] => (/pear|fruit/iu.test(text) ? [1, 0] : [0, 1]);
    const embeddingModel: EmbeddingModel = {
      specificationVersion: 'v1',
      provider: 'test',
      modelId: 'meaning',
      dimension: 2,
      limits: { maxTextsPerCall: 3, maxTokensPerText: 100, supportsParallelCalls: false },
      countTokens: () => 1,
      doEmbed: ({ texts }) =>
        Promise.resolve({
          embeddings: texts.map((text) => Float32Array.from(meaning(text))),
          usage: {},
          warnings: [],
        }),
    };
    const { content } = await createExtractiveAnswerer({ embeddingModel }).doGenerate({
      messages: ask('Any fruit?'),
    });
    expect(textOf(content)).toContain('pear tree');
  });
});

describeLanguageModelConformance('createExtractiveAnswerer', {
  create: () => createExtractiveAnswerer(),
  scenarios: ['text'],
  messages: ask('When was the server first released?'),
});
