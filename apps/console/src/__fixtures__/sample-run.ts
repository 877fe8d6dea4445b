import type { RunEvent } from '../runs/run-event.js';
import type { Citation, Passage } from '../runs/run-view.js';

/** A document of the fixture server; spans below are found in it, never counted by hand. */
export const PLUGIN_GUIDE = `# Writing a plug-in

A plug-in teaches Espalier something new: a model provider, a vector store, a tool or a rail.

## The shortest plug-in

Call \`definePlugin\` with a name and a \`setup\` function. In \`setup\`, give the host a factory under a kind and an id.

\`\`\`ts
export const mine = definePlugin({
  name: '@example/mine',
  setup(host) {
    host.provide('vectorStore', 'mine', () => createMyStore());
  },
});
\`\`\`

Then list it in \`espalier.config.ts\`. The host disposes what a plug-in made in reverse order.

## Errors

A provider that is missing, or given twice, ends the start with an error that names both plug-ins.
${Array.from({ length: 40 }, (_, index) => `\nNote ${index + 1}: a plug-in should say what it needs before it is asked for it.\n`).join('')}`;

export const GUIDE_SOURCE = 'docs/guides/writing-a-plugin.md';

function lineOf(offset: number): number {
  return PLUGIN_GUIDE.slice(0, offset).split('\n').length;
}

function placeOf(words: string): {
  span: { start: number; end: number };
  lines: { start: number; end: number };
} {
  const start = PLUGIN_GUIDE.indexOf(words);
  if (start < 0) throw new Error(`The guide does not say: ${words}`);
  const end = start + words.length;
  return { span: { start, end }, lines: { start: lineOf(start), end: lineOf(end) } };
}

function passage(
  words: string,
  heading: string,
  scores: Record<string, number>,
  score: number,
): Passage {
  return {
    id: `${GUIDE_SOURCE}#${heading}`,
    documentId: GUIDE_SOURCE,
    knowledgeBase: 'espalier',
    source: GUIDE_SOURCE,
    title: 'Writing a plug-in',
    headingPath: ['Writing a plug-in', heading],
    text: words,
    ...placeOf(words),
    score,
    scores,
  };
}

const FIRST = 'Call `definePlugin` with a name and a `setup` function.';
const SECOND = 'Then list it in `espalier.config.ts`.';
const CODE = PLUGIN_GUIDE.slice(
  PLUGIN_GUIDE.indexOf('```ts'),
  PLUGIN_GUIDE.indexOf('```\n\nThen') + 3,
);

export const PASSAGES: readonly Passage[] = [
  passage(FIRST, 'The shortest plug-in', { bm25: 11.82, vector: 0.743 }, 0.0325),
  passage(SECOND, 'Configuration', { bm25: 7.1, vector: 0.691 }, 0.0317),
  passage(
    'The host disposes what a plug-in made in reverse order.',
    'Order',
    { vector: 0.655 },
    0.0159,
  ),
  passage(
    'A provider that is missing, or given twice, ends the start with an error that names both plug-ins.',
    'Errors',
    { bm25: 5.02, vector: 0.604 },
    0.0156,
  ),
  passage(
    'A plug-in teaches Espalier something new: a model provider, a vector store, a tool or a rail.',
    'Writing a plug-in',
    { bm25: 4.4, vector: 0.58 },
    0.0151,
  ),
];

export const ANSWER = `Call \`definePlugin\` with a name and a \`setup\` function. [1] Then list it in \`espalier.config.ts\`. [2]\n\n${CODE}\n\n[1]`;

function citation(index: number, words: string): Citation {
  const answerStart = ANSWER.indexOf(words);
  return {
    index,
    passageId: PASSAGES[index - 1]?.id ?? '',
    documentId: GUIDE_SOURCE,
    knowledgeBase: 'espalier',
    source: GUIDE_SOURCE,
    title: 'Writing a plug-in',
    headingPath: PASSAGES[index - 1]?.headingPath ?? [],
    quote: words,
    ...placeOf(words),
    answerSpan: { start: answerStart, end: answerStart + words.length },
  };
}

export const CITATIONS: readonly Citation[] = [
  citation(1, FIRST),
  citation(2, SECOND),
  citation(1, CODE),
];

/** The events of a run that answers from the guide. */
export function sampleRun(runId: string, question: string): RunEvent[] {
  const usage = { inputTokens: 812, outputTokens: 96 };
  const pieces = ANSWER.match(/\S+\s*/gu) ?? [];
  return [
    { type: 'run-started', runId, agent: 'guide', isResumed: false },
    { type: 'rails-checked', point: 'input', rails: ['secrets', 'pii'], durationMs: 0.4 },
    { type: 'step-started', step: 1 },
    {
      type: 'retrieval',
      retriever: 'espalier',
      query: question,
      passages: [...PASSAGES],
      hasEvidence: true,
      durationMs: 38.2,
    },
    {
      type: 'model-request',
      provider: 'espalier',
      modelId: 'extractive',
      messages: [
        { role: 'system', content: 'Answer from the passages. Cite each statement.' },
        {
          role: 'user',
          content: [
            ...PASSAGES.map((found, index) => ({
              type: 'passage' as const,
              index: index + 1,
              passage: found,
            })),
            { type: 'text', text: question },
          ],
        },
      ],
      tools: [],
    },
    ...pieces.map((text): RunEvent => ({ type: 'text-delta', text })),
    ...CITATIONS.map((cited): RunEvent => ({ type: 'citation', citation: cited })),
    {
      type: 'rail',
      report: {
        rail: 'pii',
        point: 'output',
        verdict: {
          action: 'redact',
          reason: 'An e-mail address was found.',
          findings: [{ span: { start: 0, end: 4 }, category: 'email', score: 1 }],
        },
        durationMs: 0.2,
      },
    },
    { type: 'rails-checked', point: 'output', rails: ['secrets', 'pii'], durationMs: 1.1 },
    { type: 'step-finished', step: 1, finishReason: 'stop', usage, durationMs: 214 },
    {
      type: 'run-finished',
      message: { role: 'assistant', content: [{ type: 'text', text: ANSWER }] },
      citations: [...CITATIONS],
      finishReason: 'stop',
      usage,
      newMessages: [],
    },
  ];
}
