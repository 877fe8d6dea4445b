import type * as z from 'zod';
import { ConfigError, type ConfigIssue } from '../errors/core-errors.js';
import { truncateValue } from '../errors/truncate-value.js';

const SECRET_NAME = /key|token|secret|password|credential|authorization/iu;

/**
 * Returns `value` as the schema makes it.
 *
 * @throws {ConfigError} `ERR_CORE_CONFIG_INVALID`: every issue names path, value and fix; secrets are withheld.
 */
export function parseConfig<Output>(
  schema: z.ZodType<Output>,
  value: unknown,
  options: { source: string },
): Output {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new ConfigError({
    source: options.source,
    issues: result.error.issues.map((issue) => toConfigIssue(issue, value)),
    cause: result.error,
  });
}

function toConfigIssue(issue: z.core.$ZodIssue, root: unknown): ConfigIssue {
  const path = formatPath(issue.path);
  const found = valueAt(root, issue.path);
  return {
    path,
    message: issue.message.endsWith('.') ? issue.message : `${issue.message}.`,
    value: SECRET_NAME.test(path) && found !== undefined ? '(withheld)' : describeFound(found),
  };
}

function describeFound(found: unknown): string {
  if (Array.isArray(found)) return `a list of ${found.length}`;
  if (typeof found === 'object' && found !== null)
    return `an object with ${Object.keys(found).join(', ') || 'no keys'}`;
  return found === undefined ? 'nothing' : truncateValue(found);
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let current = root;
  for (const key of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = (current as Record<PropertyKey, unknown>)[key];
  }
  return current;
}

function formatPath(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) =>
      typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`,
    )
    .join('');
}
