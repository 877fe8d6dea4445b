import type { LanguageModelCallOptions, PassagePart, Warning } from '@espalier/core';
import { toWireMessages } from './wire-messages.js';

/** A call as the body of a Messages request. */
export interface WireRequest {
  readonly body: Record<string, unknown>;
  readonly documents: readonly (PassagePart | undefined)[];
  readonly warnings: Warning[];
}

const THINKING_BUDGETS = { minimal: 1024, low: 2048, medium: 8192, high: 24_576 } as const;

/** Writes a call as the body of a Messages request, with a warning for each option that it cannot carry. */
export function toWireRequest(options: {
  readonly modelId: string;
  readonly call: LanguageModelCallOptions;
  readonly stream: boolean;
  /** What `max_tokens`, which the API wants, is where the call says nothing. */
  readonly defaultMaxTokens: number;
}): WireRequest {
  const { call, modelId } = options;
  const schema = call.responseFormat?.type === 'json' ? call.responseFormat.schema : undefined;
  const { system, messages, documents, warnings } = toWireMessages(
    call.messages,
    schema === undefined,
  );
  const warn = (option: string, message: string): void => {
    warnings.push({ option, message });
  };
  const body: Record<string, unknown> = {
    model: modelId,
    max_tokens: call.maxOutputTokens ?? options.defaultMaxTokens,
    messages,
    ...(system === undefined ? {} : { system }),
    ...(call.stopSequences === undefined || call.stopSequences.length === 0
      ? {}
      : { stop_sequences: call.stopSequences }),
    ...(options.stream ? { stream: true } : {}),
  };
  const outputConfig: Record<string, unknown> = {};
  const thinks = addThinking(body, outputConfig, options, warn);
  addSampling(body, call, thinks, warn);
  addTools(body, call, thinks, warn);
  if (call.responseFormat?.type === 'json') {
    if (schema === undefined)
      warn(
        'responseFormat',
        'This API holds an answer to JSON only by a schema; ask for JSON in the prompt, or give one.',
      );
    else outputConfig['format'] = { type: 'json_schema', schema };
  }
  if (Object.keys(outputConfig).length > 0) body['output_config'] = outputConfig;
  for (const option of ['presencePenalty', 'frequencyPenalty', 'seed'] as const) {
    if (call[option] !== undefined) warn(option, 'This API has no such option.');
  }
  return { body: { ...body, ...call.providerOptions?.['anthropic'] }, documents, warnings };
}

type Warn = (option: string, message: string) => void;

/** Newer models choose how long they think by an effort; up to 4.5 they were given a number of tokens. */
function addThinking(
  body: Record<string, unknown>,
  outputConfig: Record<string, unknown>,
  { call, modelId }: { readonly call: LanguageModelCallOptions; readonly modelId: string },
  warn: Warn,
): boolean {
  const effort = call.reasoningEffort;
  if (effort === undefined) return false;
  if (effort === 'none') {
    body['thinking'] = { type: 'disabled' };
    return false;
  }
  if (/claude-(?:2|3)|-4-[0-5](?:-|$)|-4-\d{8}/u.test(modelId)) {
    const maxTokens = Number(body['max_tokens']);
    const budget = Math.min(THINKING_BUDGETS[effort], maxTokens - 1);
    if (budget < 1024) {
      warn(
        'reasoningEffort',
        `Thinking needs maxOutputTokens above 1024; it is ${maxTokens}, so the model does not think.`,
      );
      return false;
    }
    body['thinking'] = { type: 'enabled', budget_tokens: budget };
    return true;
  }
  if (effort === 'minimal')
    warn('reasoningEffort', 'This API has no "minimal" effort; "low" is sent.');
  body['thinking'] = { type: 'adaptive' };
  outputConfig['effort'] = effort === 'minimal' ? 'low' : effort;
  return true;
}

function addSampling(
  body: Record<string, unknown>,
  call: LanguageModelCallOptions,
  thinks: boolean,
  warn: Warn,
): void {
  if (thinks) {
    for (const option of ['temperature', 'topP', 'topK'] as const) {
      if (call[option] !== undefined)
        warn(option, 'This API takes no sampling options while the model thinks.');
    }
    return;
  }
  if (call.temperature !== undefined) {
    body['temperature'] = Math.min(1, call.temperature);
    if (call.temperature > 1)
      warn('temperature', `This API goes up to 1; ${call.temperature} is sent as 1.`);
  }
  if (call.topP !== undefined) {
    if (call.temperature === undefined) body['top_p'] = call.topP;
    else warn('topP', 'This API takes temperature or top-p, not both; temperature is sent.');
  }
  if (call.topK !== undefined) body['top_k'] = call.topK;
}

function addTools(
  body: Record<string, unknown>,
  call: LanguageModelCallOptions,
  thinks: boolean,
  warn: Warn,
): void {
  if (call.tools === undefined || call.tools.length === 0) {
    if (call.toolChoice?.type === 'required' || call.toolChoice?.type === 'tool')
      warn('toolChoice', 'No tools are given, so none can be required.');
    return;
  }
  body['tools'] = call.tools.map((tool) => ({
    name: tool.name,
    ...(tool.description === undefined ? {} : { description: tool.description }),
    input_schema: tool.inputSchema,
    ...(tool.strict === undefined ? {} : { strict: tool.strict }),
  }));
  const choice = toolChoiceOf(call, thinks, warn);
  if (choice === undefined && call.parallelToolCalls !== false) return;
  const oneAtMost =
    call.parallelToolCalls === false && choice?.['type'] !== 'none'
      ? { disable_parallel_tool_use: true }
      : {};
  body['tool_choice'] = { ...(choice ?? { type: 'auto' }), ...oneAtMost };
}

function toolChoiceOf(
  call: LanguageModelCallOptions,
  thinks: boolean,
  warn: Warn,
): Record<string, unknown> | undefined {
  const choice = call.toolChoice;
  if (choice === undefined) return undefined;
  if (choice.type === 'auto' || choice.type === 'none') return { type: choice.type };
  if (thinks) {
    warn(
      'toolChoice',
      'This API cannot require a tool while the model thinks; the model may choose.',
    );
    return { type: 'auto' };
  }
  return choice.type === 'tool' ? { type: 'tool', name: choice.toolName } : { type: 'any' };
}
