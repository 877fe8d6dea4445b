import { EspalierError } from './espalier-error.js';
import { truncateValue } from './truncate-value.js';

/** An argument that a caller passed is outside what the function accepts. */
export class InvalidArgumentError extends EspalierError {
  static override readonly errorName = 'InvalidArgumentError';

  constructor(options: { argument: string; value: unknown; expected: string; cause?: unknown }) {
    super({
      code: 'ERR_CORE_INVALID_ARGUMENT',
      message: `Argument "${options.argument}" is ${truncateValue(options.value)}, but must be ${options.expected}.`,
      cause: options.cause,
      details: { argument: options.argument },
    });
  }
}

/** One place where a configuration does not fit its schema. */
export interface ConfigIssue {
  /** Dotted path, `providers[0].baseURL`; empty for the whole document. */
  readonly path: string;
  /** What is wrong there, and what would be right. */
  readonly message: string;
  /** The value found, as one short line. Values under secret-looking names are withheld. */
  readonly value: string;
}

/** A configuration does not fit its schema; every issue names path, value and fix. */
export class ConfigError extends EspalierError {
  static override readonly errorName = 'ConfigError';
  readonly issues: readonly ConfigIssue[];

  constructor(options: { source: string; issues: readonly ConfigIssue[]; cause?: unknown }) {
    const lines = options.issues.map(
      (issue) =>
        `  ${issue.path === '' ? '(root)' : issue.path}: ${issue.message} Found ${issue.value}.`,
    );
    super({
      code: 'ERR_CORE_CONFIG_INVALID',
      message: `The configuration in ${options.source} is not valid:\n${lines.join('\n')}`,
      cause: options.cause,
      details: { source: options.source, issues: options.issues },
    });
    this.issues = options.issues;
  }
}

/** Nothing was provided under the kind and id asked for. */
export class ProviderMissingError extends EspalierError {
  static override readonly errorName = 'ProviderMissingError';

  constructor(options: { kind: string; id: string; known: readonly string[] }) {
    const known =
      options.known.length === 0 ? 'none' : options.known.map((id) => `"${id}"`).join(', ');
    super({
      code: 'ERR_CORE_PROVIDER_MISSING',
      message: `No ${options.kind} is provided under ${truncateValue(options.id)}. Known: ${known}. Register the plug-in that provides it, or use one of those.`,
      details: { kind: options.kind, id: options.id, known: options.known },
    });
  }
}

/** Two plug-ins provided the same kind under the same id. */
export class ProviderDuplicateError extends EspalierError {
  static override readonly errorName = 'ProviderDuplicateError';

  constructor(options: { kind: string; id: string; first: string; second: string }) {
    super({
      code: 'ERR_CORE_PROVIDER_DUPLICATE',
      message: `The ${options.kind} "${options.id}" is provided twice, by ${options.first} and by ${options.second}. Remove one of the two or give it another id.`,
      details: options,
    });
  }
}

/** A provider's factory resolves itself, directly or through others. */
export class ProviderCycleError extends EspalierError {
  static override readonly errorName = 'ProviderCycleError';

  constructor(options: { chain: readonly string[] }) {
    super({
      code: 'ERR_CORE_PROVIDER_CYCLE',
      message: `Providers need each other in a circle: ${options.chain.join(' → ')}. Break the circle by resolving one of them lazily.`,
      details: { chain: options.chain },
    });
  }
}

/** A plug-in's setup failed, was registered twice, or came too late. */
export class PluginError extends EspalierError {
  static override readonly errorName = 'PluginError';

  constructor(options: { plugin: string; problem: string; cause?: unknown }) {
    super({
      code: 'ERR_CORE_PLUGIN',
      message: `Plug-in "${options.plugin}": ${options.problem}`,
      cause: options.cause,
      details: { plugin: options.plugin },
    });
  }
}

/** The host was already disposed. */
export class HostDisposedError extends EspalierError {
  static override readonly errorName = 'HostDisposedError';

  constructor() {
    super({
      code: 'ERR_CORE_HOST_DISPOSED',
      message: 'The plug-in host is disposed. Create a new host to resolve providers again.',
    });
  }
}

/** A model called a tool with input that does not fit the tool's schema. */
export class ToolInputError extends EspalierError {
  static override readonly errorName = 'ToolInputError';

  constructor(options: { tool: string; problem: string; input: unknown; cause?: unknown }) {
    super({
      code: 'ERR_CORE_TOOL_INPUT',
      message: `Tool "${options.tool}" was called with input that does not fit its schema: ${options.problem} Input: ${truncateValue(options.input)}. Call it again with input that fits.`,
      cause: options.cause,
      details: { tool: options.tool },
    });
  }
}

/** A tool returned something that does not fit its own output schema. */
export class ToolOutputError extends EspalierError {
  static override readonly errorName = 'ToolOutputError';

  constructor(options: { tool: string; problem: string; cause?: unknown }) {
    super({
      code: 'ERR_CORE_TOOL_OUTPUT',
      message: `Tool "${options.tool}" returned output that does not fit its output schema: ${options.problem} Correct the tool or its schema.`,
      cause: options.cause,
      details: { tool: options.tool },
    });
  }
}

/** A tool gave no result within its own time limit. */
export class ToolTimeoutError extends EspalierError {
  static override readonly errorName = 'ToolTimeoutError';

  constructor(options: { tool: string; timeoutMs: number; cause?: unknown }) {
    super({
      code: 'ERR_CORE_TOOL_TIMEOUT',
      message: `Tool "${options.tool}" gave no result within ${options.timeoutMs} ms. Try again, ask it for less, or raise its timeoutMs.`,
      cause: options.cause,
      isRetryable: true,
      details: { tool: options.tool, timeoutMs: options.timeoutMs },
    });
  }
}
