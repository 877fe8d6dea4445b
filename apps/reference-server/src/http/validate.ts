import type { z } from 'zod';
import { requestInvalid } from '../errors/body-errors.js';

const MAX_ISSUES = 20;

/**
 * Returns `value` as the schema makes it.
 *
 * @throws {RequestError} `ERR_SERVER_REQUEST_INVALID` with a pointer and a message for each issue.
 */
export function validate<Output>(
  schema: z.ZodType<Output>,
  value: unknown,
  where: 'body' | 'query',
): Output {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.slice(0, MAX_ISSUES).map((issue) => ({
    pointer: where === 'body' ? pointerOf(issue.path) : issue.path.map(String).join('.'),
    message: issue.message.slice(0, 300).toWellFormed(),
  }));
  throw requestInvalid(where, issues);
}

function pointerOf(path: readonly PropertyKey[]): string {
  return path
    .map(
      (key) =>
        `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1').slice(0, 100).toWellFormed()}`,
    )
    .join('');
}
