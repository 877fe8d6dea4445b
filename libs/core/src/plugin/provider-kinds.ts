import type { Agent } from '../agent/agent.js';
import type { EmbeddingModel } from '../embedding/embedding-model.js';
import type { Rail } from '../guard/rail.js';
import type { LanguageModel } from '../model/language-model.js';
import type { Chunker, DocumentLoader } from '../retrieval/document.js';
import type { Reranker } from '../retrieval/reranker.js';
import type { Retriever } from '../retrieval/retriever.js';
import type { VectorStore } from '../retrieval/vector-store.js';
import type { TensorBackend } from '../tensor/tensor-backend.js';
import type { Tool } from '../tool/tool.js';

/**
 * The kinds of things that plug-ins provide, with the port of each.
 *
 * A library adds a kind of its own by declaration merging:
 * `declare module '@espalier/core' { interface ProviderKinds { mine: MyPort } }`.
 */
export interface ProviderKinds {
  agent: Agent;
  chunker: Chunker;
  documentLoader: DocumentLoader;
  embeddingModel: EmbeddingModel;
  languageModel: LanguageModel;
  rail: Rail;
  reranker: Reranker;
  retriever: Retriever;
  tensorBackend: TensorBackend;
  tool: Tool;
  vectorStore: VectorStore;
}

/** The name of a kind. */
export type ProviderKind = keyof ProviderKinds & string;
