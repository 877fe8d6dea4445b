import type { Agent, EmbeddingModel, LanguageModel } from '@espalier/core';
import type { AgentObject, ModelObject } from '@espalier/protocol';
import type { KnowledgeScope } from '../knowledge/knowledge-scope.js';
import type { ModelDirectory } from '../wires/wires-context.js';

/** An agent with what a run of it was asked to use. */
export interface ResolvedRun {
  readonly agent: Agent;
  readonly model: LanguageModel | undefined;
  readonly modelId: string;
  readonly knowledgeBase: string | null;
  readonly asked: { readonly model: string | null; readonly knowledgeBase: string | null };
}

/** The agents and models that the server offers. */
export interface Catalogue {
  /** The default agent first. */
  agents(): readonly AgentObject[];
  models(): readonly ModelObject[];
  /**
   * Finds what a run needs.
   *
   * @throws {RequestError} `ERR_SERVER_AGENT_UNKNOWN`, `ERR_SERVER_MODEL_UNKNOWN`
   * @throws {KnowledgeBaseUnknownError} `ERR_RAG_KNOWLEDGE_BASE_UNKNOWN`
   */
  forRun(options: {
    agent: string;
    model?: string | undefined;
    knowledgeBase?: string | undefined;
    /** What the caller sees; default everything that belongs to no tenant. */
    scope?: KnowledgeScope;
  }): Promise<ResolvedRun>;
  /** The same models and agents as the `/v1` wires see them. */
  readonly directory: ModelDirectory;
  embeddingModel(): EmbeddingModel;
}
