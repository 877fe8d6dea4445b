import type { RetrieveOptions, Warning } from '@espalier/core';
import { assembleContext } from '../../context/assemble-context.js';
import type {
  AssembleContextOptions,
  AssembledContext,
  ContextDocument,
} from '../../context/context.js';
import type { KnowledgeBaseParts } from '../internal/knowledge-base-parts.js';
import { search, type SearchContext } from './search.js';

/** How much of what a search found a model is given, and in which order. */
export type ContextOptions = Pick<
  AssembleContextOptions,
  | 'maxTokens'
  | 'overheadTokens'
  | 'neighbors'
  | 'growToParent'
  | 'bridge'
  | 'duplicateShare'
  | 'maxPassages'
  | 'order'
> & {
  /** Default: as the embedding model counts. */
  readonly countTokens?: (text: string) => number;
};

/** A context with what could not be honoured. */
export interface KnowledgeContext extends AssembledContext {
  readonly warnings: readonly Warning[];
}

/** Searches, and assembles what a model is given of the result. */
export async function assemble(
  parts: KnowledgeBaseParts,
  context: SearchContext,
  options: RetrieveOptions & ContextOptions,
): Promise<KnowledgeContext> {
  const { result } = await search(parts, context, options);
  const documents = new Map<string, ContextDocument>();
  for (const id of new Set(result.passages.map(({ documentId }) => documentId))) {
    const document = await parts.catalogue.document(id);
    // It may have gone since it was found.
    if (document === undefined) continue;
    const chunks = await parts.catalogue.chunksOf(id);
    documents.set(id, {
      text: document.text,
      chunks: chunks.map(({ span, parent }) => ({
        ...span,
        ...(parent === undefined ? {} : { parent }),
      })),
    });
  }
  const assembled = assembleContext({
    countTokens: (text) => parts.embedder.model.countTokens(text),
    ...options,
    passages: result.passages,
    hasEvidence: result.hasEvidence,
    documentOf: ({ documentId }) => documents.get(documentId),
  });
  return { ...assembled, warnings: result.warnings };
}
