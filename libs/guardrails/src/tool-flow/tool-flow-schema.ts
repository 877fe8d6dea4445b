import * as z from '@espalier/core/zod';

const names = z.array(z.string().min(1)).min(1);

/** What one argument of a tool must be. */
export const argumentConstraintSchema = z.strictObject({
  /** A pattern in RE2's syntax that the whole value must fit. */
  matches: z.string().optional(),
  'one-of': z.array(z.union([z.string(), z.number(), z.boolean()])).optional(),
  'max-length': z.int().min(0).optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  required: z.boolean().optional(),
});

/** The rules of a tool flow, as a policy writes them. Names of tools may hold `*`. */
export const toolFlowSchema = z.strictObject({
  /** Untrusted sources: a label, and the tools whose results bear it. `retrieval` labels passages without being named. */
  sources: z.record(z.string(), names).default({}),
  /** Tools whose results are trusted. All others that are in no source bear the label `tool`. */
  trusted: z.array(z.string()).default([]),
  /** What acts on the world: a label, and the tools that do it. */
  sinks: z.record(z.string(), names).default({}),
  /**
   * `context`: once untrusted text is in the conversation, every later call may be led by it. `values`: only a call whose
   * arguments repeat such text; lets more through, and proves nothing about what was put in other words.
   */
  track: z.enum(['context', 'values']).default('context'),
  rules: z
    .array(
      z.strictObject({
        id: z.string().optional(),
        /** Labels of sources; `*` for any, also none. */
        from: names,
        /** Labels of sinks; `*` for any tool. */
        to: names,
        action: z.enum(['allow', 'approve', 'deny']),
        reason: z.string().optional(),
      }),
    )
    .default([]),
  /** By tool, then by the path of the argument: `to`, `items.0.price`. */
  arguments: z.record(z.string(), z.record(z.string(), argumentConstraintSchema)).default({}),
  budgets: z
    .array(
      z.strictObject({
        tools: names,
        'max-calls': z.int().min(0).optional(),
        'max-cost-usd': z.number().min(0).optional(),
        'max-seconds': z.number().min(0).optional(),
        /** The sum of a numeric argument over all calls of the run. */
        'max-sum': z.strictObject({ argument: z.string(), max: z.number() }).optional(),
        action: z.enum(['approve', 'deny']).default('deny'),
      }),
    )
    .default([]),
});

/** Rules with every default filled in. */
export type ToolFlowRules = z.output<typeof toolFlowSchema>;

/** Rules as a person writes them. */
export type ToolFlowRulesInput = z.input<typeof toolFlowSchema>;
