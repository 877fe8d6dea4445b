import * as z from 'zod';
import { isAbortError } from '../errors/abort.js';
import {
  InvalidArgumentError,
  ToolInputError,
  ToolOutputError,
  ToolTimeoutError,
} from '../errors/core-errors.js';
import { jsonObjectSchema, jsonValueSchema, type JsonValue } from '../json/json-value.js';
import type { ToolDefinition } from '../model/language-model.js';

/** What a tool knows about the call it serves. */
export interface ToolContext {
  readonly toolCallId: string;
  readonly runId?: string;
  readonly abortSignal?: AbortSignal;
}

/** What `defineTool` takes. */
export interface ToolOptions<Input, Output> {
  /** Letters, digits, `_` and `-`; 64 at most (what all providers accept). */
  readonly name: string;
  /** Tells the model what the tool does and when to use it. */
  readonly description: string;
  readonly inputSchema: z.ZodType<Input>;
  readonly outputSchema?: z.ZodType<Output>;
  /** Whether a person must approve a call before it runs. */
  readonly needsApproval?: boolean | ((input: Input) => boolean | Promise<boolean>);
  /** How long a call may take. Units: ms. Default: no limit of its own. */
  readonly timeoutMs?: number;
  execute(input: Input, context: ToolContext): Output | Promise<Output>;
}

/** A function that a model may call, with its input checked before and its output after. */
export interface Tool {
  readonly specificationVersion: 'v1';
  readonly definition: ToolDefinition;
  readonly timeoutMs: number | undefined;
  /** Whether this input needs a person's approval; a call whose input is not valid needs none, as it does not run. */
  needsApproval(input: JsonValue): Promise<boolean>;
  /**
   * Runs the tool.
   *
   * @throws {ToolInputError} `ERR_CORE_TOOL_INPUT`: the input does not fit the schema.
   * @throws {ToolOutputError} `ERR_CORE_TOOL_OUTPUT`: the output does not fit its schema, or is not JSON.
   * @throws {ToolTimeoutError} `ERR_CORE_TOOL_TIMEOUT`: no result within `timeoutMs`.
   */
  run(input: JsonValue, context: ToolContext): Promise<JsonValue>;
}

const TOOL_NAME = /^[A-Za-z0-9_-]{1,64}$/u;

/** Makes a tool from zod schemas and a function. */
export function defineTool<Input, Output>(options: ToolOptions<Input, Output>): Tool {
  if (!TOOL_NAME.test(options.name)) {
    throw new InvalidArgumentError({
      argument: 'name',
      value: options.name,
      expected: '1 to 64 letters, digits, "_" or "-", as all providers accept them',
    });
  }
  const definition: ToolDefinition = {
    name: options.name,
    description: options.description,
    inputSchema: toInputSchema(options.inputSchema),
  };
  return {
    specificationVersion: 'v1',
    definition,
    timeoutMs: options.timeoutMs,
    async needsApproval(input) {
      if (typeof options.needsApproval !== 'function') return options.needsApproval ?? false;
      const parsed = await options.inputSchema.safeParseAsync(input);
      return parsed.success && (await options.needsApproval(parsed.data));
    },
    async run(input, context) {
      const parsed = await options.inputSchema.safeParseAsync(input);
      if (!parsed.success) {
        throw new ToolInputError({
          tool: options.name,
          problem: z.prettifyError(parsed.error),
          input,
          cause: parsed.error,
        });
      }
      return toOutput(options, await executeWithin(options, parsed.data, context));
    },
  };
}

async function executeWithin<Input, Output>(
  options: ToolOptions<Input, Output>,
  input: Input,
  context: ToolContext,
): Promise<Output> {
  if (options.timeoutMs === undefined) return options.execute(input, context);
  const timeout = AbortSignal.timeout(options.timeoutMs);
  const abortSignal =
    context.abortSignal === undefined ? timeout : AbortSignal.any([context.abortSignal, timeout]);
  let stopWaiting = (): void => undefined;
  const expired = new Promise<never>((_, reject) => {
    const onAbort = (): void => {
      reject(abortSignal.reason as Error);
    };
    if (abortSignal.aborted) onAbort();
    abortSignal.addEventListener('abort', onAbort, { once: true });
    stopWaiting = () => {
      abortSignal.removeEventListener('abort', onAbort);
    };
  });
  try {
    return await Promise.race([options.execute(input, { ...context, abortSignal }), expired]);
  } catch (error) {
    if (timeout.aborted && context.abortSignal?.aborted !== true && isAbortError(error)) {
      throw new ToolTimeoutError({
        tool: options.name,
        timeoutMs: options.timeoutMs,
        cause: error,
      });
    }
    throw error;
  } finally {
    stopWaiting();
  }
}

function toOutput<Input, Output>(options: ToolOptions<Input, Output>, output: Output): JsonValue {
  const checked = options.outputSchema?.safeParse(output);
  if (checked?.success === false) {
    throw new ToolOutputError({
      tool: options.name,
      problem: z.prettifyError(checked.error),
      cause: checked.error,
    });
  }
  const json = jsonValueSchema.safeParse(output === undefined ? null : (checked?.data ?? output));
  if (!json.success) {
    throw new ToolOutputError({
      tool: options.name,
      problem: 'it is not plain JSON.',
      cause: json.error,
    });
  }
  return json.data;
}

function toInputSchema(schema: z.ZodType): ToolDefinition['inputSchema'] {
  return jsonObjectSchema.parse(z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12' }));
}
