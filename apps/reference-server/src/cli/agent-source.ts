import { messageText, type Passage } from '@espalier/core';
import type { ShownPassage } from '@espalier/rag/evaluation';
import { EXIT } from '../errors/exit-codes.js';
import type { AnswerSource } from './answer-source.js';
import type { CliContext, ConnectionOptions } from './cli-context.js';
import { CliError } from './cli-error.js';
import { connect } from './connect.js';

/** Answers by runs of an agent of a server. */
export async function openAgentSource(
  options: ConnectionOptions & {
    readonly agent?: string;
    readonly model?: string;
    readonly kb?: string;
    readonly concurrency: number;
  },
  context: CliContext,
): Promise<AnswerSource> {
  const { client } = await connect(options, context);
  const { abortSignal } = context;
  const agents = await client.agents.list({ abortSignal }).toArray({ max: 1 });
  const agent = options.agent ?? agents[0]?.name;
  if (agent === undefined) {
    throw new CliError({
      code: 'ERR_CLI_NO_AGENT',
      message: 'The server has no agent. Add one under "agents" of its configuration.',
      exitCode: EXIT.refused,
    });
  }
  return {
    name: options.model === undefined ? `agent ${agent}` : `agent ${agent} with ${options.model}`,
    concurrency: options.concurrency,
    close: () => Promise.resolve(),
    async ask(question) {
      const startedAt = performance.now();
      const shown = new Map<string, Passage>();
      let hasEvidence: boolean | undefined;
      const stream = client.runs.stream({
        agent,
        input: question.question,
        abortSignal,
        ...(options.kb === undefined ? {} : { knowledgeBase: options.kb }),
        ...(options.model === undefined ? {} : { model: options.model }),
      });
      for await (const event of stream) {
        if (event.type === 'retrieval') {
          hasEvidence = (hasEvidence ?? false) || event.hasEvidence;
          for (const passage of event.passages) shown.set(passage.id, passage);
        }
        if (event.type === 'run-failed') {
          throw new CliError({
            code: event.error.code,
            message: `The question ${question.id} was not answered: ${event.error.message}`,
            exitCode: EXIT.failure,
          });
        }
        if (event.type !== 'run-finished') continue;
        const numbers = new Map(
          event.citations.map(({ passageId, index }) => [passageId, index] as const),
        );
        return {
          question,
          answer: messageText(event.message),
          passages: [...shown.values()].map((passage) => toShown(passage, numbers)),
          ...(hasEvidence === undefined ? {} : { hasEvidence }),
          latencyMs: performance.now() - startedAt,
          inputTokens: event.usage.inputTokens ?? 0,
          outputTokens: event.usage.outputTokens ?? 0,
          costUsd: event.costUsd ?? 0,
        };
      }
      throw new CliError({
        code: 'ERR_CLI_RUN_PAUSED',
        message: `The run ${stream.runId ?? ''} of question ${question.id} ended without an answer: it waits for approval, or was cancelled. Evaluate an agent that needs no approval.`,
        exitCode: EXIT.failure,
      });
    },
  };
}

function toShown(passage: Passage, numbers: ReadonlyMap<string, number>): ShownPassage {
  const { id, documentId, source, text } = passage;
  const index = numbers.get(id);
  return { id, documentId, source, text, ...(index === undefined ? {} : { index }) };
}
