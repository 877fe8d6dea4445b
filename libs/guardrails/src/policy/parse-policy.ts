import { isMap, LineCounter, parseDocument } from 'yaml';
import { PolicyContradictionError, PolicyInvalidError, PolicyVersionError } from '../errors.js';
import { POLICY_VERSIONS, policySchema, type Policy } from './policy-schema.js';

/** A policy with the way back to its text. */
export interface ParsedPolicy {
  readonly policy: Policy;
  /** The line of a path in its text, from 1; `undefined` where there is no text. */
  lineOf(path: readonly (string | number)[]): number | undefined;
}

const MAX_LENGTH = 1_000_000;

/**
 * Reads a policy from YAML or JSON text, or from a value.
 *
 * @throws {PolicyVersionError} `ERR_GUARDRAILS_POLICY_VERSION`, {@link PolicyInvalidError}
 * `ERR_GUARDRAILS_POLICY_INVALID`, {@link PolicyContradictionError} `ERR_GUARDRAILS_POLICY_CONTRADICTION`
 */
export function parsePolicy(source: unknown, name?: string): ParsedPolicy {
  if (typeof source !== 'string') return check(source, name, () => undefined);
  if (source.length > MAX_LENGTH) {
    throw new PolicyInvalidError({
      policy: name,
      path: '',
      problem: `it has more than ${MAX_LENGTH} characters`,
      fix: 'Make it shorter, or split it with "extends"',
    });
  }
  const lines = new LineCounter();
  const document = parseDocument(source, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
  });
  const [fault] = document.errors;
  if (fault !== undefined) {
    throw new PolicyInvalidError({
      policy: name,
      path: '',
      line: lines.linePos(fault.pos[0]).line,
      problem: `it is not valid YAML (${fault.message})`,
      fix: 'Correct the line; check its indentation',
      cause: fault,
    });
  }
  const lineOf: ParsedPolicy['lineOf'] = (path) => {
    for (let length = path.length; length >= 0; length--) {
      const node: unknown =
        length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
      const range = (node as { range?: readonly number[] } | null | undefined)?.range;
      if (range?.[0] !== undefined) return lines.linePos(range[0]).line;
    }
    return undefined;
  };
  if (!isMap(document.contents)) {
    throw new PolicyInvalidError({
      policy: name,
      path: '',
      line: 1,
      problem: 'it is not a map of fields',
      fix: 'Begin with "version: 1" and "name: …"',
    });
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 50 });
  } catch (cause) {
    throw new PolicyInvalidError({
      policy: name,
      path: '',
      problem: 'its aliases are nested too deeply',
      fix: 'Write the parts out',
      cause,
    });
  }
  return check(value, name, lineOf);
}

function check(
  value: unknown,
  name: string | undefined,
  lineOf: ParsedPolicy['lineOf'],
): ParsedPolicy {
  const version = (value as { version?: unknown } | null)?.version;
  if (version !== undefined && !POLICY_VERSIONS.includes(version as number)) {
    throw new PolicyVersionError({
      policy: name,
      path: 'version',
      line: lineOf(['version']),
      version,
      known: POLICY_VERSIONS,
    });
  }
  const parsed = policySchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = (issue?.path ?? []).map((step) =>
      typeof step === 'symbol' ? String(step) : step,
    );
    const keys = issue?.code === 'unrecognized_keys' ? issue.keys : [];
    throw new PolicyInvalidError({
      policy: name,
      path: path.join('.'),
      line: lineOf([...path, ...keys.slice(0, 1)]),
      problem: issue?.message ?? 'it does not fit the schema',
      fix: 'Correct this field; docs/guides/write-a-policy.md lists all',
      cause: parsed.error,
    });
  }
  assertUnique(parsed.data, name, lineOf);
  return { policy: parsed.data, lineOf };
}

function assertUnique(
  policy: Policy,
  name: string | undefined,
  lineOf: ParsedPolicy['lineOf'],
): void {
  const layers: [readonly string[], Policy['rails']][] = [
    [[], policy.rails],
    ...Object.entries(policy.tenants).map(
      ([tenant, { rails }]): [readonly string[], Policy['rails']] => [['tenants', tenant], rails],
    ),
  ];
  for (const [base, rails] of layers) {
    const seen = new Set<string>();
    for (const [index, { id }] of rails.entries()) {
      const path = [...base, 'rails', index];
      if (seen.has(id)) {
        throw new PolicyContradictionError({
          policy: name,
          path: path.join('.'),
          line: lineOf(path),
          problem: `two rails have the id "${id}"`,
        });
      }
      seen.add(id);
    }
  }
}
