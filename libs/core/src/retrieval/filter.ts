import * as z from 'zod';

const scalarSchema = z.union([z.string(), z.number(), z.boolean()]);

/** A value that a metadata field can be compared with. */
export type FilterScalar = z.infer<typeof scalarSchema>;

/**
 * A condition over metadata fields; each store compiles it to its own language, never from a raw string.
 *
 * A comparison holds only where the field is there and of the value's type. `ne`, `nin` and `not` are the exact opposite
 * of what they negate, so they also match records that lack the field; add `exists` to leave those out. `and` of nothing
 * matches everything, `or` of nothing matches nothing.
 */
export type Filter =
  | { field: string; op: 'eq' | 'ne'; value: FilterScalar }
  | { field: string; op: 'lt' | 'lte' | 'gt' | 'gte'; value: string | number }
  | { field: string; op: 'in' | 'nin'; values: FilterScalar[] }
  | { field: string; op: 'exists'; value: boolean }
  | { op: 'and' | 'or'; filters: Filter[] }
  | { op: 'not'; filter: Filter };

/** Accepts a filter tree. */
export const filterSchema: z.ZodType<Filter> = z.lazy(() =>
  z.union([
    z.strictObject({ field: z.string().min(1), op: z.enum(['eq', 'ne']), value: scalarSchema }),
    z.strictObject({
      field: z.string().min(1),
      op: z.enum(['lt', 'lte', 'gt', 'gte']),
      value: z.union([z.string(), z.number()]),
    }),
    z.strictObject({
      field: z.string().min(1),
      op: z.enum(['in', 'nin']),
      values: z.array(scalarSchema),
    }),
    z.strictObject({ field: z.string().min(1), op: z.literal('exists'), value: z.boolean() }),
    z.strictObject({ op: z.enum(['and', 'or']), filters: z.array(filterSchema) }),
    z.strictObject({ op: z.literal('not'), filter: filterSchema }),
  ]),
);
