import { InvalidArgumentError, truncateValue, type JsonObject, type Rail } from '@espalier/core';
import * as z from '@espalier/core/zod';
import { createValidationRail, type ValidationRailOptions } from './create-validation-rail.js';

/** What `createSchemaRail` takes. */
export interface SchemaRailOptions extends ValidationRailOptions {
  /** A zod schema, or a JSON Schema (draft 2020-12) as an object. */
  readonly schema: z.ZodType | JsonObject;
}

/**
 * Makes a rail for texts that must be JSON of a form; `fix` takes the JSON out of a code block or the prose around it.
 *
 * @throws {InvalidArgumentError} `ERR_CORE_INVALID_ARGUMENT`: the JSON Schema is not valid.
 */
export async function createSchemaRail(options: SchemaRailOptions): Promise<Rail> {
  const problemOf = await validatorOf(options.schema);
  const judge = (text: string): string | undefined => {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      return `It is not JSON: ${error instanceof Error ? error.message : String(error)}.`;
    }
    return problemOf(value);
  };
  return createValidationRail({
    name: options.name ?? 'schema',
    points: options.points ?? ['output'],
    onFailure: options.onFailure ?? 'reask',
    validate({ text }) {
      const problem = judge(text);
      if (problem === undefined) return undefined;
      const inner = jsonWithin(text);
      return {
        category: 'schema',
        reason: `The text does not fit its schema. ${truncateValue(problem, 400)}`,
        ...(inner !== undefined && judge(inner) === undefined ? { fixed: inner } : {}),
      };
    },
  });
}

async function validatorOf(
  schema: z.ZodType | JsonObject,
): Promise<(value: unknown) => string | undefined> {
  if (isZod(schema)) {
    return (value) => {
      const parsed = schema.safeParse(value);
      return parsed.success ? undefined : z.prettifyError(parsed.error);
    };
  }
  const { Ajv2020 } = await import('ajv/dist/2020.js');
  const ajv = new Ajv2020({ strict: false, allErrors: false, logger: false });
  try {
    const validate = ajv.compile(schema);
    return (value) => (validate(value) ? undefined : ajv.errorsText(validate.errors));
  } catch (error) {
    throw new InvalidArgumentError({
      argument: 'schema',
      value: schema,
      expected: `a valid JSON Schema (${error instanceof Error ? error.message : String(error)})`,
    });
  }
}

const isZod = (schema: z.ZodType | JsonObject): schema is z.ZodType =>
  typeof (schema as { safeParse?: unknown }).safeParse === 'function';

/** From the first bracket to the last one that can close it. */
function jsonWithin(text: string): string | undefined {
  const start = text.search(/[[{]/u);
  if (start === -1) return undefined;
  const end = text.lastIndexOf(text[start] === '{' ? '}' : ']');
  return end > start ? text.slice(start, end + 1) : undefined;
}
