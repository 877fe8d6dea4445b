import type {
  Chunker,
  Clock,
  DocumentLoader,
  Logger,
  ModelChunker,
  VectorIndex,
} from '@espalier/core';
import type { Catalogue } from '../../catalogue/catalogue.js';
import type { EmbeddingPipeline } from '../../embedding/create-embedding-pipeline.js';
import type { Corpus } from './corpus.js';
import type { LexicalFiles } from './lexical-files.js';

/** What the parts of a knowledge base share. */
export interface KnowledgeBaseParts {
  /** Under which its rows and vectors stand. */
  readonly storageKey: string;
  readonly catalogue: Catalogue;
  readonly corpus: Corpus;
  readonly index: VectorIndex;
  readonly lexicalFiles: LexicalFiles;
  readonly embedder: EmbeddingPipeline;
  readonly maxRecordsPerUpsert: number;
  /** Whether the store keeps vectors on a disk or a server. */
  readonly isPersistent: boolean;
  readonly chunker: Chunker | ModelChunker;
  readonly loaders: readonly DocumentLoader[];
  readonly clock: Clock;
  readonly logger: Logger;
}
