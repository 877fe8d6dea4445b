import { EXIT } from '../../errors/exit-codes.js';
import type { CliContext, ConnectionOptions } from '../cli-context.js';
import { connect } from '../connect.js';
import { renderExplanation } from '../output/render-explanation.js';

/** Options of `espalier search`. */
export interface SearchCommandOptions extends ConnectionOptions {
  readonly kb: string;
  readonly top: number;
  readonly explain?: boolean;
}

const QUOTE_LENGTH = 240;

/** Prints the passages that an agent would be given. */
export async function search(
  query: string,
  options: SearchCommandOptions,
  context: CliContext,
): Promise<number> {
  const { client } = await connect(options, context);
  const result = await client.search({
    knowledgeBase: options.kb,
    query,
    topK: options.top,
    ...(options.explain === true && { explain: true }),
    abortSignal: context.abortSignal,
  });
  if (options.json === true) {
    context.out(`${JSON.stringify(result)}\n`);
    return EXIT.ok;
  }
  if (result.passages.length === 0) {
    context.out(`Nothing in "${options.kb}" fits.\n`);
    return EXIT.ok;
  }
  for (const [index, passage] of result.passages.entries()) {
    const heading = passage.headingPath?.join(' > ') ?? passage.title ?? '';
    const text = passage.text.replace(/\s+/gu, ' ').trim();
    context.out(
      `${index + 1}. ${passage.source}:${passage.lines.start}-${passage.lines.end}  ${(passage.score ?? 0).toFixed(3)}${heading === '' ? '' : `  ${heading}`}\n` +
        `   ${text.length > QUOTE_LENGTH ? `${text.slice(0, QUOTE_LENGTH).toWellFormed()}…` : text}\n`,
    );
  }
  if (result.explanation !== undefined) context.out(`\n${renderExplanation(result.explanation)}`);
  if (!result.hasEvidence) context.out('\nThe documents probably do not answer this.\n');
  return EXIT.ok;
}
