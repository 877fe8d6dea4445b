import { messageText, type PassagePart } from '@espalier/core';
import type { HybridProfile } from '@espalier/rag/ranking';
import type { AnswerSource } from './answer-source.js';
import type { CliContext } from './cli-context.js';
import { evalInputError, readRows, reportProblems } from './eval-files.js';
import { openRanker } from './eval-ranker.js';
import { createProgressBar } from './output/progress-bar.js';

/** Answers by quoting the passages of a file that a search finds; needs no server and no model. */
export async function openExtractiveSource(
  options: {
    readonly corpus: string;
    readonly profile: HybridProfile;
    readonly top: number;
    readonly cache?: string | undefined;
  },
  context: CliContext,
): Promise<AnswerSource> {
  const { parseCorpus } = await import('@espalier/rag/evaluation');
  const { createExtractiveAnswerer } = await import('@espalier/inference');
  const corpus = await readRows(options.corpus, parseCorpus, context);
  reportProblems(corpus.problems, { strict: false }, context);
  if (corpus.rows.length === 0)
    throw evalInputError(`The file ${options.corpus} holds no passage.`);
  const passages = new Map(corpus.rows.map((passage) => [passage.id, passage]));
  const progress = createProgressBar(context);
  const { ranker, close } = await openRanker(
    { ...options, passages: corpus.rows, progress },
    context,
  );
  progress.end();
  const answerer = createExtractiveAnswerer();
  return {
    name: `extractive over ${options.corpus}`,
    concurrency: 1,
    close,
    async ask(question) {
      const { abortSignal } = context;
      const startedAt = performance.now();
      const matches = await ranker.rank({
        query: question.question,
        topK: options.top,
        abortSignal,
      });
      const parts = matches.map(({ id }, n): PassagePart => {
        const { documentId = id, title = '', text = '' } = passages.get(id) ?? {};
        const span = { start: 0, end: text.length };
        const lines = { start: 1, end: text.split('\n').length };
        const named = title === '' ? {} : { title };
        const passage = { id, documentId, source: documentId, text, span, lines, ...named };
        return { type: 'passage', index: n + 1, passage };
      });
      const { content, usage } = await answerer.doGenerate({
        messages: [
          { role: 'user', content: [...parts, { type: 'text', text: question.question }] },
        ],
        abortSignal,
      });
      return {
        question,
        answer: messageText({ role: 'assistant', content: [...content] }),
        passages: parts.map(({ index, passage }) => ({ ...passage, index })),
        latencyMs: performance.now() - startedAt,
        inputTokens: usage.inputTokens ?? 0,
        outputTokens: usage.outputTokens ?? 0,
        costUsd: 0,
      };
    },
  };
}
