import type { Logger, RunEvent } from '@espalier/core';

/** Logs what agents send to models and what they answer; only where `logs.prompts` asks for it. */
export interface PromptLog {
  event(runId: string, event: RunEvent): void;
  /** Logs the body of a request for a model of a `/v1` wire, as the rails left it. */
  body(about: { requestId: string; modelId: string; body: unknown }): void;
}

/** Creates the log of prompts. */
export function createPromptLog(logger: Logger): PromptLog {
  return {
    event(runId, event) {
      if (event.type === 'model-request') {
        logger.info('prompt', { runId, modelId: event.modelId, messages: event.messages });
      } else if (event.type === 'run-finished') {
        logger.info('answer', { runId, message: event.message });
      }
    },
    body(about) {
      logger.info('prompt', about);
    },
  };
}
