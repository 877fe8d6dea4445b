import type { JsonValue, PassagePart, ToolDefinition } from '@espalier/core';

/** The tool by which a model searches the documents itself. */
export const SEARCH_TOOL: ToolDefinition = {
  name: 'search_documents',
  description:
    'Searches the documents and returns numbered passages. Cite what you use of them by number in square brackets, such as [1].',
  inputSchema: {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: {
      query: { type: 'string', minLength: 1, description: 'What to look for, in plain words.' },
    },
    required: ['query'],
    additionalProperties: false,
  },
};

/** The query of a call of the search tool; `undefined` when its input is not one. */
export function searchQueryOf(input: JsonValue): string | undefined {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return undefined;
  const { query } = input;
  return typeof query === 'string' && query.trim() !== '' ? query : undefined;
}

/** What the model is given for a search. */
export function searchOutputOf(parts: readonly PassagePart[], hasEvidence: boolean): JsonValue {
  return {
    hasEvidence,
    passages: parts.map(({ index, passage }) => ({
      index,
      source: `${passage.source}:${passage.lines.start}-${passage.lines.end}`,
      ...(passage.headingPath === undefined ? {} : { heading: passage.headingPath.join(' > ') }),
      text: passage.text,
    })),
  };
}
