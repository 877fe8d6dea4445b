import { GEN_AI, type LanguageModel, type Telemetry, type Usage } from '@espalier/core';

/** Does `work`, a call of a model by a wire, inside a chat span; `usageOf` is read when it has ended. */
export function traceChat(
  telemetry: Telemetry | undefined,
  model: LanguageModel,
  usageOf: () => Usage,
  work: () => Promise<void>,
): Promise<void> {
  if (telemetry === undefined) return work();
  const { attribute, operation } = GEN_AI;
  const attributes = {
    [attribute.operationName]: operation.chat,
    [attribute.providerName]: model.provider,
    [attribute.requestModel]: model.modelId,
  };
  return telemetry.withSpan(`${operation.chat} ${model.modelId}`, attributes, async (span) => {
    try {
      await work();
    } finally {
      const { inputTokens, outputTokens } = usageOf();
      if (inputTokens !== undefined) span.setAttribute(attribute.usageInputTokens, inputTokens);
      if (outputTokens !== undefined) span.setAttribute(attribute.usageOutputTokens, outputTokens);
    }
  });
}
