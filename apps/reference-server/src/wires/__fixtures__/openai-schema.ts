import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** OpenAPI's `nullable`, which JSON Schema does not know, as a type. */
function withNull(value: Json): Json {
  if (Array.isArray(value)) return value.map(withNull);
  if (value === null || typeof value !== 'object') return value;
  const { nullable, ...rest } = Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, withNull(inner)]),
  ) as Record<string, Json>;
  // OpenAPI 3.0 says of the bound whether it is left out.
  for (const [name, bound] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const)
    if (typeof rest[name] === 'boolean') {
      if (rest[name] && rest[bound] !== undefined) rest[name] = rest[bound];
      else delete rest[name];
    }
  return nullable === true ? { anyOf: [rest, { type: 'null' }] } : rest;
}

/** Returns a check of values against OpenAI's own schemas: the problems, none when the value fits. */
export function createOpenAISchemaCheck(): (schema: string, value: unknown) => string[] {
  const document = withNull(
    JSON.parse(readFileSync(new URL('openai-schema.json', import.meta.url), 'utf8')) as Json,
  );
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  ajv.addSchema(document as object, 'openai');
  return (schema, value) => {
    const validate = ajv.getSchema(`openai#/components/schemas/${schema}`);
    if (validate === undefined) throw new Error(`No schema ${schema}.`);
    if (validate(value) === true) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message }) => `${instancePath} ${message ?? ''}`,
    );
  };
}
