import { railPointSchema, type RailPoint } from '@espalier/core';
import * as z from '@espalier/core/zod';
import { defined } from '../internal/defined.js';
import { createLazyRail } from '../internal/lazy-rail.js';
import type { PiiCategory } from '../pii/pii-finders.js';
import type { PiiOperator } from '../pii/pii-operators.js';
import type { MadeRail } from './rail-kinds.js';
import type { RailResources } from './rail-resources.js';

/** The operators that a policy can name; those with keys are for code. */
const operatorSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('redact') }),
  z.strictObject({ type: z.literal('replace'), with: z.string().optional() }),
  z.strictObject({
    type: z.literal('mask'),
    sign: z.string().min(1).optional(),
    keep: z.int().min(0).optional(),
  }),
  z.strictObject({ type: z.literal('hash'), salt: z.string().min(1) }),
  z.strictObject({ type: z.literal('keep') }),
  z.strictObject({ type: z.literal('pseudonym') }),
]);

const strings = z.array(z.string().min(1)).min(1);

/** What a policy may write of a rail of the kind `pii`. */
export const piiOptionsSchema = z.strictObject({
  action: z.enum(['redact', 'block']).optional(),
  actions: z.record(z.string(), z.enum(['redact', 'block'])).optional(),
  categories: strings.optional(),
  countries: strings.optional(),
  /** Whether names, addresses and organisations are found too; needs `@espalier/model-pii-tagger`. */
  tagger: z.boolean().optional(),
  /** By category, or `*` for all others. */
  operators: z.record(z.string(), operatorSchema).optional(),
  /** Where the originals of pseudonyms are put back; default `output`. */
  'restore-at': z.array(railPointSchema.extract(['output', 'tool-call'])).optional(),
});

/** Makes a rail of the kind `pii`; its lists and weights load with the first text. */
export async function piiRail(
  options: z.output<typeof piiOptionsSchema>,
  { name, points = ['input', 'output'] }: { name: string; points?: readonly RailPoint[] },
  resources: RailResources,
): Promise<MadeRail> {
  const {
    tagger: wantsTagger,
    categories,
    operators,
    'restore-at': restoreAt,
    ...others
  } = options;
  const hasMemory = Object.values(operators ?? {}).some(({ type }) => type === 'pseudonym');
  if (restoreAt !== undefined && !hasMemory) {
    return { problem: 'restore-at needs an operator of the type "pseudonym", and there is none' };
  }
  if (wantsTagger === true && !(await resources.hasTagger())) {
    return { problem: 'tagger needs the package @espalier/model-pii-tagger; install it' };
  }
  return createLazyRail({
    name,
    points,
    hasMemory,
    load: async () => {
      const { createPiiRail } = await import('../pii/create-pii-rail.js');
      return createPiiRail({
        name,
        points,
        ...defined(others),
        ...(categories === undefined ? {} : { categories: categories as PiiCategory[] }),
        ...(operators === undefined
          ? {}
          : { operators: operators as Readonly<Record<string, PiiOperator>> }),
        ...(restoreAt === undefined ? {} : { restoreAt }),
        ...(wantsTagger === true ? { tagger: await resources.tagger() } : {}),
      });
    },
  });
}
