import type {
  Agent,
  Clock,
  Guardrails,
  IdGenerator,
  LanguageModel,
  Logger,
  PluginHost,
  Tool,
} from '@espalier/core';
import { CITING_INSTRUCTIONS, createAgent } from '@espalier/agents';
import type { AgentObject, ModelObject } from '@espalier/protocol';
import type { AgentConfig, ServerConfig } from '../config/config-schema.js';
import { agentUnknown, modelUnknown } from '../errors/resource-errors.js';
import { WHOLE_SCOPE } from '../knowledge/knowledge-scope.js';
import type { KnowledgeService } from '../knowledge/knowledge-service.js';
import type { LocalModels } from '../training/local-models.js';
import type { ModelDirectory, ModelEntry } from '../wires/wires-context.js';
import type { Catalogue } from './catalogue.js';

/** The agent that answers where none is configured. */
export const DEFAULT_AGENT = 'docs';
/** The knowledge base that the first start fills. */
export const SAMPLE_KNOWLEDGE_BASE = 'espalier';
const EXTRACTIVE = 'extractive';
/** The most that a model is given of what was found; what a small local model still reads. */
const CONTEXT_TOKENS = 2400;

/** Makes the catalogue from the configuration, its models and what plug-ins provide. */
export async function createCatalogue(options: {
  config: ServerConfig;
  models: ReadonlyMap<string, LanguageModel>;
  host: PluginHost;
  knowledge: KnowledgeService;
  guardrails: Guardrails;
  clock: Clock;
  ids: IdGenerator;
  logger: Logger;
  startedAtMs: number;
  localModels: LocalModels;
}): Promise<Catalogue> {
  const { config, models, host, knowledge, guardrails, clock, ids, logger, localModels } = options;
  const modelIds = [...models.keys()];
  const isBuiltIn = config.agents.length === 0;
  const defaultModelId = config.defaultModel ?? config.providers[0]?.id ?? EXTRACTIVE;
  const modelOf = (id: string): LanguageModel => {
    const model = models.get(id) ?? localModels.find(id);
    if (model === undefined) throw modelUnknown(id, modelIds);
    return model;
  };
  const prices = Object.fromEntries(
    config.providers.flatMap(({ model, prices: price }) =>
      price === undefined ? [] : [[model, price]],
    ),
  );

  const configured = await Promise.all(
    agentConfigs(config).map(async (agent) => ({ agent, tools: await toolsOf(agent, host) })),
  );
  const build = (
    entry: { agent: AgentConfig; tools: readonly Tool[] },
    knowledgeBase: string | undefined,
    model: LanguageModel = modelOf(entry.agent.model ?? defaultModelId),
    tenant?: string,
  ): Agent => {
    const { agent, tools } = entry;
    const { mode, ...retrieval } = agent.retrieval;
    const operations = knowledge.of(tenant === undefined ? WHOLE_SCOPE : { tenant });
    // The extractive answerer cites without being told, and says that it follows no instructions.
    const instructions =
      isBuiltIn && !isExtractive(model) ? CITING_INSTRUCTIONS : agent.instructions;
    return createAgent({
      name: agent.name,
      description: agent.description,
      model,
      tools,
      guardrails,
      prices,
      clock,
      ids,
      logger,
      limits: definedOnly(agent.limits),
      ...(instructions !== undefined && { instructions }),
      ...(knowledgeBase !== undefined && {
        retrieval: {
          retriever:
            mode === 'graph'
              ? operations.graphRetriever(knowledgeBase)
              : operations.retriever(knowledgeBase, { maxTokens: CONTEXT_TOKENS }),
          ...definedOnly(retrieval),
        },
      }),
    });
  };

  const agents = new Map<
    string,
    { config: AgentConfig; tools: readonly Tool[]; agent: Agent; modelId: string }
  >();
  for (const entry of configured) {
    agents.set(entry.agent.name, {
      config: entry.agent,
      tools: entry.tools,
      agent: build(entry, entry.agent.knowledgeBase),
      modelId: entry.agent.model ?? defaultModelId,
    });
  }
  const provided = await Promise.all(host.list('agent').map((id) => host.resolve('agent', id)));
  const providedByName = new Map(provided.map((agent) => [agent.name, agent]));

  const agentObjects: AgentObject[] = [
    ...[...agents.values()].map(({ config: agent, tools, modelId }, index) => ({
      name: agent.name,
      description: agent.description,
      modelId,
      knowledgeBase: agent.knowledgeBase ?? null,
      tools: tools.map((tool) => tool.definition.name),
      rails: [...new Set([...guardrails.railsAt('input'), ...guardrails.railsAt('output')])],
      isDefault: index === 0,
    })),
    ...provided.map((agent) => ({
      name: agent.name,
      description: agent.description,
      modelId: 'its own',
      knowledgeBase: null,
      tools: [],
      rails: [],
      isDefault: false,
    })),
  ];

  return {
    agents: () => agentObjects,
    models: () => modelObjects(agentObjects, models, knowledge, defaultModelId),
    embeddingModel: () => knowledge.embeddingModel,
    async forRun({ agent: name, model, knowledgeBase, scope = WHOLE_SCOPE }) {
      const entry = agents.get(name);
      const ready = entry?.agent ?? providedByName.get(name);
      if (ready === undefined)
        throw agentUnknown(
          name,
          agentObjects.map((agent) => agent.name),
        );
      const asked = { model: model ?? null, knowledgeBase: knowledgeBase ?? null };
      const modelId = model ?? entry?.modelId ?? ready.name;
      // A model may also be named by the agent that it stands for in /v1.
      const chosen = model === undefined || model === `agent:${name}` ? undefined : modelOf(model);
      const needsOther =
        knowledgeBase !== undefined ||
        scope.tenant !== undefined ||
        (isBuiltIn && chosen !== undefined && !isExtractive(chosen));
      if (!needsOther || entry === undefined) {
        return {
          agent: ready,
          model: chosen,
          modelId,
          knowledgeBase: entry?.config.knowledgeBase ?? null,
          asked,
        };
      }
      if (knowledgeBase !== undefined) await knowledge.of(scope).get(knowledgeBase);
      const base = knowledgeBase ?? entry.config.knowledgeBase;
      const agent = build({ agent: entry.config, tools: entry.tools }, base, chosen, scope.tenant);
      return { agent, model: chosen, modelId, knowledgeBase: base ?? null, asked };
    },
    directory: directoryOf({
      entries: () => [
        ...modelObjects(agentObjects, models, knowledge, defaultModelId).map((model) =>
          toEntry(model, options.startedAtMs),
        ),
        ...localModels.list().map((local) => ({
          ...local,
          kind: 'model' as const,
          ownedBy: 'espalier',
        })),
      ],
      agent(name, tenant) {
        const entry = agents.get(name);
        if (entry === undefined || tenant === undefined)
          return entry?.agent ?? providedByName.get(name);
        // A tenant's agent reads the tenant's knowledge base of that name, never another's.
        const config = { agent: entry.config, tools: entry.tools };
        return build(config, entry.config.knowledgeBase, undefined, tenant);
      },
      model: (id) => models.get(id) ?? localModels.find(id),
      knowledge,
    }),
  };
}

/** The agents of the configuration, or the one over the sample where there are none. */
function agentConfigs(config: ServerConfig): readonly AgentConfig[] {
  if (config.agents.length > 0) return config.agents;
  return [
    {
      name: DEFAULT_AGENT,
      description: 'Answers questions from the documents of a knowledge base and cites them.',
      knowledgeBase: SAMPLE_KNOWLEDGE_BASE,
      retrieval: { mode: 'search' },
      tools: [],
      limits: {},
    },
  ];
}

const isExtractive = (model: LanguageModel): boolean =>
  model.provider === 'espalier' && model.modelId === EXTRACTIVE;

async function toolsOf(agent: AgentConfig, host: PluginHost): Promise<readonly Tool[]> {
  return Promise.all(agent.tools.map((id) => host.resolve('tool', id)));
}

function modelObjects(
  agents: readonly AgentObject[],
  models: ReadonlyMap<string, LanguageModel>,
  knowledge: KnowledgeService,
  defaultModelId: string,
): ModelObject[] {
  return [
    ...agents.map(({ name, description, isDefault }) => ({
      id: `agent:${name}`,
      kind: 'agent' as const,
      provider: 'espalier',
      description,
      isDefault,
    })),
    ...[...models].map(([id, model]) => ({
      id,
      kind: 'language-model' as const,
      provider: model.provider,
      isDefault: id === defaultModelId,
      supportsTools: model.limits.supportsTools,
      supportsImages: model.limits.supportsImages,
      ...(model.limits.contextTokens !== undefined && {
        contextTokens: model.limits.contextTokens,
      }),
    })),
    {
      id: knowledge.embeddingModel.modelId,
      kind: 'embedding-model' as const,
      provider: knowledge.embeddingModel.provider,
      isDefault: true,
      dimension: knowledge.embeddingModel.dimension,
    },
  ];
}

function directoryOf(options: {
  entries: () => readonly ModelEntry[];
  agent: (name: string, tenant: string | undefined) => Agent | undefined;
  model: (id: string) => LanguageModel | undefined;
  knowledge: KnowledgeService;
}): ModelDirectory {
  return {
    list: options.entries,
    resolve(id, caller) {
      if (id.startsWith('agent:')) {
        const agent = options.agent(id.slice('agent:'.length), caller?.tenant);
        return agent === undefined ? undefined : { kind: 'agent', agent };
      }
      const model = options.model(id);
      return model === undefined ? undefined : { kind: 'model', model };
    },
    embedding: (id) =>
      id === options.knowledge.embeddingModel.modelId
        ? options.knowledge.embeddingModel
        : undefined,
  };
}

function toEntry(model: ModelObject, createdAtMs: number): ModelEntry {
  const kinds = {
    agent: 'agent',
    'language-model': 'model',
    'embedding-model': 'embedding',
  } as const;
  return {
    id: model.id,
    kind: kinds[model.kind],
    ownedBy: model.provider,
    createdAtMs,
    ...(model.description !== undefined && { displayName: model.description }),
  };
}

type Defined<Value> = { [Key in keyof Value]: Exclude<Value[Key], undefined> };

/** Leaves out members that are `undefined`. */
function definedOnly<Value extends object>(value: Value): Partial<Defined<Value>> {
  return Object.fromEntries(
    Object.entries(value).filter(([, member]) => member !== undefined),
  ) as Partial<Defined<Value>>;
}
