/**
 * Names of spans, attributes and metrics, in one place.
 *
 * `gen_ai.*` names are OpenTelemetry's semantic conventions for generative AI; `espalier.*` names are this project's
 * own for what the conventions do not name.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/gen-ai/
 */
export const GEN_AI = {
  /** The version of the conventions that the names follow. */
  conventionsVersion: '1.37.0',
  operation: {
    chat: 'chat',
    embeddings: 'embeddings',
    executeTool: 'execute_tool',
    invokeAgent: 'invoke_agent',
    retrieve: 'retrieve',
    guard: 'guard',
  },
  attribute: {
    operationName: 'gen_ai.operation.name',
    providerName: 'gen_ai.provider.name',
    requestModel: 'gen_ai.request.model',
    requestMaxTokens: 'gen_ai.request.max_tokens',
    requestTemperature: 'gen_ai.request.temperature',
    requestTopP: 'gen_ai.request.top_p',
    responseId: 'gen_ai.response.id',
    responseModel: 'gen_ai.response.model',
    responseFinishReasons: 'gen_ai.response.finish_reasons',
    usageInputTokens: 'gen_ai.usage.input_tokens',
    usageOutputTokens: 'gen_ai.usage.output_tokens',
    agentName: 'gen_ai.agent.name',
    toolName: 'gen_ai.tool.name',
    toolCallId: 'gen_ai.tool.call.id',
    conversationId: 'gen_ai.conversation.id',
    errorType: 'error.type',
    runId: 'espalier.run.id',
    retriever: 'espalier.retriever.name',
    retrievedPassages: 'espalier.retrieval.passages',
    railPoint: 'espalier.rail.point',
    railBlocked: 'espalier.rail.blocked',
    costUsd: 'espalier.cost.usd',
  },
  metric: {
    tokenUsage: 'gen_ai.client.token.usage',
    operationDuration: 'gen_ai.client.operation.duration',
  },
} as const;
