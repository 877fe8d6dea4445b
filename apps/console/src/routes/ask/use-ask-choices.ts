import { useQueries } from '@tanstack/react-query';
import { useState } from 'react';
import type { EspalierClient } from '@espalier/sdk-ts';
import { agentsQuery, knowledgeBasesQuery, modelsQuery } from '../../data/queries.js';
import type { AskSelection } from '../../runs/use-ask.js';

type Item<List extends (...options: never[]) => { toArray(): Promise<unknown[]> }> = Awaited<
  ReturnType<ReturnType<List>['toArray']>
>[number];
type Agent = Item<EspalierClient['agents']['list']>;
type Model = Item<EspalierClient['models']['list']>;
type KnowledgeBase = Item<EspalierClient['knowledgeBases']['list']>;

/** What a question can be asked of, and what is chosen. */
export interface AskChoices {
  readonly agents: readonly Agent[];
  readonly models: readonly Model[];
  readonly knowledgeBases: readonly KnowledgeBase[];
  readonly agent: Agent | undefined;
  readonly model: string | undefined;
  readonly knowledgeBase: string | undefined;
  /** `undefined` until the choices are loaded. */
  readonly selection: AskSelection | undefined;
  readonly isLoading: boolean;
  readonly error: unknown;
  readonly retry: () => void;
  readonly chooseAgent: (name: string) => void;
  readonly chooseModel: (id: string) => void;
  readonly chooseKnowledgeBase: (name: string) => void;
}

/** Loads what can be chosen. Until a person chooses, the server's defaults hold. */
export function useAskChoices(
  client: EspalierClient,
  initial: { knowledgeBase?: string },
): AskChoices {
  const [agentName, setAgentName] = useState<string>();
  const [modelId, setModelId] = useState<string>();
  const [baseName, setBaseName] = useState(initial.knowledgeBase);
  const [agentsState, modelsState, basesState] = useQueries({
    queries: [agentsQuery(client), modelsQuery(client), knowledgeBasesQuery(client)],
  });

  const agents = agentsState.data ?? [];
  const models = (modelsState.data ?? []).filter((model) => model.kind === 'language-model');
  const knowledgeBases = basesState.data ?? [];
  const agent =
    agents.find((candidate) => candidate.name === agentName) ??
    agents.find((candidate) => candidate.isDefault) ??
    agents[0];
  const knowledgeBase = baseName ?? agent?.knowledgeBase ?? undefined;
  const model = modelId ?? agent?.modelId;
  const states = [agentsState, modelsState, basesState];

  return {
    agents,
    models: withAgentsModel(models, agent),
    knowledgeBases,
    agent,
    model,
    knowledgeBase,
    selection:
      agent === undefined
        ? undefined
        : {
            agent: agent.name,
            knowledgeBase:
              knowledgeBase === agent.knowledgeBase ? undefined : knowledgeBase || undefined,
            model: model === agent.modelId ? undefined : model,
          },
    isLoading: states.some((state) => state.isPending),
    error: states.find((state) => state.isError)?.error,
    retry: () => {
      for (const state of states) if (state.isError) void state.refetch();
    },
    chooseAgent(name) {
      setAgentName(name);
      setModelId(undefined);
      setBaseName(undefined);
    },
    chooseModel: setModelId,
    chooseKnowledgeBase: setBaseName,
  };
}

/** The agent's own model can always be chosen, also when the server lists it under no model of its own. */
function withAgentsModel(models: readonly Model[], agent: Agent | undefined): readonly Model[] {
  if (agent === undefined || models.some((model) => model.id === agent.modelId)) return models;
  const own: Model = { id: agent.modelId, kind: 'language-model', provider: '', isDefault: false };
  return [own, ...models];
}
