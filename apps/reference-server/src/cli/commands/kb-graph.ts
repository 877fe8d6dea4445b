import type { GraphAnswer } from '@espalier/protocol';
import { EXIT } from '../../errors/exit-codes.js';
import type { GraphBuildReport } from '../../knowledge/graph-service.js';
import type { CliContext, ConnectionOptions } from '../cli-context.js';
import { connect } from '../connect.js';
import { renderTable } from '../output/table.js';
import { followJob } from './kb.js';

/** Options of `espalier kb graph ask`. */
export interface AskGraphLine extends ConnectionOptions {
  readonly global?: boolean;
  readonly top: number;
}

const QUOTE_LENGTH = 240;
const ENTITIES_SHOWN = 8;

/** Reads the documents that the graph lacks. */
export async function buildGraph(
  name: string,
  options: ConnectionOptions,
  context: CliContext,
): Promise<number> {
  const connection = await connect(options, context);
  const { abortSignal } = context;
  const begun = await connection.client.graphs.build({ knowledgeBase: name, abortSignal });
  const { result } = await followJob(connection, begun, 'reading', context);
  if (options.json === true) context.out(`${JSON.stringify(result)}\n`);
  else {
    const { documents, read, removed, entities, relations, communities, ...told } =
      result as unknown as GraphBuildReport;
    context.out(
      `The graph of "${name}" holds ${entities} entities, ${relations} relations and ${communities} communities of ${documents} documents: ${read} read, ${removed} forgotten.\n`,
    );
    const { inputTokens = 0, outputTokens = 0 } = told.usage;
    if (inputTokens + outputTokens > 0)
      context.out(`The model took ${inputTokens} tokens and gave ${outputTokens}.\n`);
    for (const { message } of told.warnings) context.err(`${message}\n`);
    if (told.isOverBudget)
      context.err(
        `It stopped at "graph.maxTokens" of the configuration. Go on with: espalier kb graph build ${name}\n`,
      );
  }
  return EXIT.ok;
}

/** Tells how far the graph is. */
export async function showGraph(
  name: string,
  options: ConnectionOptions,
  context: CliContext,
): Promise<number> {
  const { client } = await connect(options, context);
  const { abortSignal } = context;
  const graph = await client.graphs.get({ knowledgeBase: name, abortSignal });
  if (options.json === true) {
    context.out(`${JSON.stringify(graph)}\n`);
    return EXIT.ok;
  }
  context.out(
    `${graph.documents} documents read, ${graph.missing} missing; ${graph.entities} entities, ${graph.relations} relations, ${graph.communities} communities.\n`,
  );
  if (graph.topEntities.length > 0)
    context.out(
      `\n${renderTable([['named most often', 'type', 'passages'], ...graph.topEntities.map(({ name: entity, type, places }) => [entity, type, String(places)])])}`,
    );
  if (graph.missing > 0)
    context.out(`\nRead what is missing with: espalier kb graph build ${name}\n`);
  return EXIT.ok;
}

/** Asks the graph. */
export async function askGraph(
  name: string,
  question: string,
  options: AskGraphLine,
  context: CliContext,
): Promise<number> {
  const { client } = await connect(options, context);
  const answer = await client.graphs.ask({
    knowledgeBase: name,
    query: question,
    scope: options.global === true ? 'global' : 'local',
    topK: options.top,
    abortSignal: context.abortSignal,
  });
  context.out(options.json === true ? `${JSON.stringify(answer)}\n` : renderAnswer(answer));
  return EXIT.ok;
}

/** Drops the graph. */
export async function dropGraph(
  name: string,
  options: ConnectionOptions,
  context: CliContext,
): Promise<number> {
  const { client } = await connect(options, context);
  await client.graphs.delete({ knowledgeBase: name, abortSignal: context.abortSignal });
  context.out(
    options.json === true
      ? `${JSON.stringify({ knowledgeBase: name, dropped: true })}\n`
      : `The graph of "${name}" is dropped.\n`,
  );
  return EXIT.ok;
}

function renderAnswer(answer: GraphAnswer): string {
  const parts: string[] = [];
  if (answer.answer !== null) parts.push(`${answer.answer}\n`);
  if (answer.entities.length > 0) {
    const names = answer.entities.slice(0, ENTITIES_SHOWN).map((entity) => entity.name);
    parts.push(`About: ${names.join(', ')}\n`);
  }
  for (const [place, { title, text, sources }] of answer.points.entries()) {
    const from = [...new Set(sources.map(({ documentId }) => documentId))].join(', ');
    parts.push(`${place + 1}. ${title}\n   ${shorten(text)}\n   ${from}\n`);
  }
  for (const [place, passage] of answer.passages.entries()) {
    const { source, lines, text, score = 0 } = passage;
    parts.push(
      `${place + 1}. ${source}:${lines.start}-${lines.end}  ${score.toFixed(3)}\n   ${shorten(text)}\n`,
    );
  }
  if (!answer.hasEvidence) parts.push('The graph holds nothing on this.\n');
  return parts.join('\n');
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/gu, ' ').trim();
  return line.length > QUOTE_LENGTH ? `${line.slice(0, QUOTE_LENGTH).toWellFormed()}…` : line;
}
