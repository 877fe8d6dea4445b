import type { Citation } from '@espalier/core';
import { EXIT } from '../../errors/exit-codes.js';
import type { CliContext, ConnectionOptions } from '../cli-context.js';
import { CliError } from '../cli-error.js';
import { connect } from '../connect.js';
import { createProgressBar } from '../output/progress-bar.js';

/** Options of `espalier ask`. */
export interface AskOptions extends ConnectionOptions {
  readonly kb?: string;
  readonly model?: string;
  readonly agent?: string;
}

/** Asks an agent and prints its answer as it comes, then its citations. */
export async function ask(
  question: string,
  options: AskOptions,
  context: CliContext,
): Promise<number> {
  const { client } = await connect(options, context);
  const { abortSignal } = context;
  const agent = options.agent ?? (await defaultAgent(client, abortSignal));
  if (options.kb === undefined) await waitForIngest(client, context);
  const stream = client.runs.stream({
    agent,
    input: question,
    abortSignal,
    ...(options.kb !== undefined && { knowledgeBase: options.kb }),
    ...(options.model !== undefined && { model: options.model }),
  });
  if (options.json === true) {
    let exitCode: number = EXIT.failure;
    for await (const event of stream) {
      context.out(`${JSON.stringify(event)}\n`);
      if (event.type === 'run-finished') exitCode = EXIT.ok;
    }
    return exitCode;
  }
  const citations: Citation[] = [];
  const notes: string[] = [];
  for await (const event of stream) {
    switch (event.type) {
      case 'text-delta':
        context.out(event.text);
        break;
      case 'citation':
        citations.push(event.citation);
        break;
      case 'warning':
        notes.push(event.warning.message);
        break;
      case 'run-finished':
        context.out(`\n${renderCitations(citations, event.citations)}`);
        for (const note of new Set(notes)) context.err(`Note: ${note}\n`);
        return EXIT.ok;
      case 'run-failed':
        context.out('\n');
        throw new CliError({
          code: event.error.code,
          message: event.error.message,
          exitCode: EXIT.failure,
        });
      case 'run-paused':
        context.out('\n');
        throw new CliError({
          code: 'ERR_CLI_RUN_PAUSED',
          message: `The run ${stream.runId ?? ''} waits for approval of ${event.requests.map((request) => request.toolName).join(', ')}. Decide in the console.`,
          exitCode: EXIT.failure,
        });
      case 'run-cancelled':
        context.out('\n');
        return EXIT.interrupted;
      default:
    }
  }
  return EXIT.failure;
}

type Client = Awaited<ReturnType<typeof connect>>['client'];

async function defaultAgent(client: Client, abortSignal: AbortSignal): Promise<string> {
  for await (const agent of client.agents.list({ abortSignal })) return agent.name;
  throw new CliError({
    code: 'ERR_CLI_NO_AGENT',
    message: 'The server has no agent. Add one under "agents" of its configuration.',
    exitCode: EXIT.refused,
  });
}

/** Lets an ingest that runs end first, so that the first question after the first start finds its documents. */
async function waitForIngest(client: Client, context: CliContext): Promise<void> {
  const { abortSignal } = context;
  for (const status of ['running', 'queued'] as const) {
    for await (const job of client.jobs.list({ kind: 'ingest', status, abortSignal })) {
      const bar = createProgressBar(context);
      if (!context.isTerminal) context.err('Documents are still being read; waiting for them.\n');
      await client.jobs.wait({
        id: job.id,
        abortSignal,
        onProgress: ({ progress }) => {
          const { documentsDone = 0, documentsTotal = 0 } = (progress ?? {}) as Record<
            string,
            number
          >;
          bar.update({ label: 'reading documents', done: documentsDone, total: documentsTotal });
        },
      });
      bar.end();
      return;
    }
  }
}

/** One line for each number: the places of all its quotes, from the first line to the last. */
function renderCitations(streamed: readonly Citation[], final: readonly Citation[]): string {
  const places = new Map<number, { source: string; start: number; end: number }>();
  for (const { index, source, lines } of final.length > 0 ? final : streamed) {
    const known = places.get(index);
    places.set(index, {
      source,
      start: Math.min(known?.start ?? lines.start, lines.start),
      end: Math.max(known?.end ?? lines.end, lines.end),
    });
  }
  if (places.size === 0) return '';
  const lines = [...places]
    .sort(([a], [b]) => a - b)
    .map(
      ([index, { source, start, end }]) =>
        `[${index}] ${source}:${start === end ? start : `${start}-${end}`}`,
    );
  return `\n${lines.join('\n')}\n`;
}
