import type { Telemetry } from '@espalier/core';
import { wireTargetOf } from '@espalier/inference';
import { createWires, type Wires } from '../wires/create-wires.js';
import { DEFAULT_WIRE_LIMITS } from '../wires/wires-context.js';
import { authenticateCaller } from './authenticate-caller.js';
import type { AppParts } from './app-parts.js';
import { isServerLogger } from './create-logger.js';
import type { PromptLog } from './create-prompt-log.js';
import type { ServerGuardrails } from './create-rails.js';

/** Creates the OpenAI and Anthropic wires over the parts of the server. */
export function connectWires(options: {
  parts: Pick<
    AppParts,
    'catalogue' | 'clock' | 'ids' | 'keys' | 'lifecycle' | 'limits' | 'logger' | 'runs' | 'usage'
  >;
  rails: ServerGuardrails;
  promptLog: PromptLog | undefined;
  telemetry: Telemetry | undefined;
}): Wires {
  const { rails, promptLog, telemetry } = options;
  const { catalogue, clock, ids, keys, lifecycle, limits, logger, runs, usage } = options.parts;
  return createWires({
    models: catalogue.directory,
    authenticate: (secret) => authenticateCaller(keys, secret),
    guardrails: rails.usual,
    guardrailsFor: ({ caller: { keyId, tenant }, path }) => rails.of({ keyId, tenant, path }),
    limits: { ...DEFAULT_WIRE_LIMITS, ...limits },
    logger,
    clock,
    ids,
    wireTargetOf,
    ...(isServerLogger(logger) && {
      logRequest: (message, summary) => {
        logger.record(message, { ...summary });
      },
    }),
    recordUsage: ({ caller, modelId, usage: used }) => {
      usage.record({ keyId: caller.keyId, modelId, usage: used });
    },
    onRunEvent: (event, { runId, agent, caller, settings }) => {
      const { knowledgeBase = null } = catalogue.agents().find(({ name }) => name === agent) ?? {};
      return runs.observe(event, { runId, agent, keyId: caller.keyId, knowledgeBase, settings });
    },
    ...(promptLog !== undefined && {
      onModelRequest: (request) => {
        promptLog.body({ ...request });
      },
    }),
    isDraining: () => lifecycle.state === 'stopping',
    ...(telemetry !== undefined && { telemetry }),
  });
}
