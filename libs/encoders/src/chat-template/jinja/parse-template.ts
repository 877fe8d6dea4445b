import * as jinja from '@huggingface/jinja';
import type { JinjaNode } from './jinja-ast.js';

/** The package's declarations name its modules in a way that TypeScript finds only in bundlers. */
interface JinjaParser {
  tokenize(
    source: string,
    options: { lstrip_blocks: boolean; trim_blocks: boolean },
  ): readonly unknown[];
  parse(tokens: readonly unknown[]): JinjaNode;
}
const parser: JinjaParser = jinja;

/** Parses a template with the white space rules of transformers. @throws {Error} The source is no template. */
export function parseTemplate(source: string): JinjaNode {
  return parser.parse(parser.tokenize(source, { lstrip_blocks: true, trim_blocks: true }));
}
