import * as jinja from '@huggingface/jinja';
import type { JinjaNode } from './jinja-ast.js';
import { rewriteTokens, type JinjaToken } from './rewrite-tokens.js';

/** The package's declarations name its modules in a way that TypeScript finds only in bundlers. */
interface JinjaParser {
  tokenize(
    source: string,
    options: { lstrip_blocks: boolean; trim_blocks: boolean },
  ): readonly JinjaToken[];
  parse(tokens: readonly JinjaToken[]): JinjaNode;
}
const parser: JinjaParser = jinja;

/** Parses a template with the white space rules of transformers. @throws {Error} The source is no template. */
export function parseTemplate(source: string): JinjaNode {
  const tokens = parser.tokenize(source, { lstrip_blocks: true, trim_blocks: true });
  return parser.parse(rewriteTokens(tokens));
}
