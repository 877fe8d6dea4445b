import * as z from 'zod';
import { trainingJobSchema } from '../train/job-schema.js';

/** The part of JSON Schema that a job's fields use. */
interface FieldSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: string | number | boolean;
  readonly anyOf?: readonly FieldSchema[];
  readonly items?: FieldSchema;
  readonly prefixItems?: readonly FieldSchema[];
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly additionalProperties?: FieldSchema | boolean;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
}

/** A field of a job file. */
export interface JobField {
  /** `lora.r`. */
  readonly path: string;
  readonly range: string;
  readonly isRequired: boolean;
  readonly default: unknown;
  readonly effect: string | undefined;
}

/** Every field of a job file, in the order of its schema. */
export function jobFields(): readonly JobField[] {
  const schema = z.toJSONSchema(trainingJobSchema, { io: 'input' }) as FieldSchema;
  return fieldsOf(schema, '');
}

function fieldsOf(schema: FieldSchema, prefix: string): JobField[] {
  const found = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    const own: JobField = {
      path,
      range: rangeOf(field),
      isRequired: schema.required?.includes(name) === true,
      default: field.default,
      effect: field.description,
    };
    const groups = [field, ...(field.anyOf ?? [])].filter(({ properties }) => properties);
    // A model's config.json has fields of its own.
    return path === 'model'
      ? [own]
      : [own, ...groups.flatMap((group) => fieldsOf(group, `${path}.`))];
  });
  return found.filter(({ path }, index) => found.findIndex((one) => one.path === path) === index);
}

function rangeOf(field: FieldSchema): string {
  if (field.const !== undefined) return `\`${String(field.const)}\``;
  if (field.enum !== undefined) return field.enum.map((one) => `\`${String(one)}\``).join(', ');
  if (field.anyOf !== undefined) return field.anyOf.map(rangeOf).join(', or ');
  if (field.prefixItems !== undefined)
    return `list of ${field.prefixItems.length}: ${field.prefixItems.map(rangeOf).join('; ')}`;
  if (field.type === 'array') return `list of ${field.items ? rangeOf(field.items) : 'values'}`;
  if (field.type === 'object')
    return typeof field.additionalProperties === 'object' && field.properties === undefined
      ? `names with ${rangeOf(field.additionalProperties)}`
      : 'fields';
  if (field.type === 'string') return 'text';
  if (field.type === 'boolean') return '`true` or `false`';
  const limits = [
    field.exclusiveMinimum === undefined ? undefined : `above ${field.exclusiveMinimum}`,
    field.minimum === undefined || field.minimum <= Number.MIN_SAFE_INTEGER
      ? undefined
      : `from ${field.minimum}`,
    field.exclusiveMaximum === undefined ? undefined : `below ${field.exclusiveMaximum}`,
    field.maximum === undefined || field.maximum >= Number.MAX_SAFE_INTEGER
      ? undefined
      : `to ${field.maximum}`,
    field.multipleOf === undefined ? undefined : `a multiple of ${field.multipleOf}`,
  ].filter((limit) => limit !== undefined);
  const kind = field.type === 'integer' ? 'whole number' : 'number';
  return limits.length === 0 ? kind : `${kind} ${limits.join(' ')}`;
}

/** The page that describes them. */
export function renderJobReference(): string {
  const entries = jobFields().map(({ path, range, isRequired, default: value, effect }) => {
    const fallback = isRequired
      ? 'required'
      : value === undefined
        ? 'optional'
        : `default \`${JSON.stringify(value)}\``;
    return `### \`${path}\`\n\n${range}; ${fallback}\n\n${effect ?? ''}\n`;
  });
  return `# Fields of a training job

What a job file for \`espalier train\` may hold, as YAML or JSON; the \`settings\` of a job of the server take the same fields but
for those that name files. A field that does not stand here is refused by its name. This page is written from the schema that
checks the files: \`npx vitest run --root libs/training src/train/job-reference.test.ts -u\` writes it anew.

${entries.join('\n')}`;
}
