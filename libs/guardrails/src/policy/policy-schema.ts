import { railPointSchema } from '@espalier/core';
import * as z from '@espalier/core/zod';
import { toolFlowSchema } from '../tool-flow/tool-flow-schema.js';

/** The versions of the format that can be read. */
export const POLICY_VERSIONS: readonly number[] = [1];

const modeSchema = z.enum(['enforce', 'dry-run', 'off']);

/** One rail of a policy: what all kinds have; the options of its kind stand beside it. */
export const policyRailSchema = z.looseObject({
  /** By this a policy that extends this one changes the rail. */
  id: z.string().min(1),
  kind: z.string().optional(),
  at: z.array(railPointSchema).min(1).optional(),
  mode: modeSchema.optional(),
  /** What happens when the rail fails or is late. Default `block`. */
  'on-fault': z.enum(['block', 'allow']).optional(),
  'timeout-ms': z.number().min(1).optional(),
});

/** What must be so whatever a model says; each part has something that enforces it. */
export const ethicsSchema = z.strictObject({
  /** Told by phrases, by examples (which need an embedding model), or both; a request for one is stopped. */
  'disallowed-uses': z
    .array(
      z.strictObject({
        id: z.string().min(1),
        description: z.string(),
        phrases: z.array(z.string().min(1)).optional(),
        examples: z.array(z.string().min(1)).optional(),
      }),
    )
    .optional(),
  /** `add`: the first answer begins with it. In both modes an answer that claims to be a person is stopped. */
  disclosure: z
    .strictObject({ text: z.string().min(1), mode: z.enum(['add', 'check']).default('add') })
    .optional(),
  /** Tools that run only after a person has approved the call. */
  'human-oversight': z.strictObject({ approve: z.array(z.string().min(1)).min(1) }).optional(),
  /** Findings of these categories (`*` for any characters) are told to people, by what the host does with the record. */
  escalation: z.strictObject({ categories: z.array(z.string().min(1)).min(1) }).optional(),
});

/** A test of a policy, which stands in it. */
export const policyTestSchema = z.strictObject({
  name: z.string().min(1),
  at: railPointSchema.default('input'),
  text: z.string().optional(),
  /** Earlier turns, at `conversation`. */
  turns: z
    .array(z.strictObject({ role: z.enum(['user', 'assistant', 'tool']), text: z.string() }))
    .optional(),
  evidence: z.array(z.string()).optional(),
  tenant: z.string().optional(),
  /** A call, for the rules of the tool flow. */
  call: z.strictObject({ tool: z.string(), input: z.json().default({}) }).optional(),
  /** Tools that gave results before the call. */
  after: z.array(z.strictObject({ tool: z.string(), output: z.string().default('') })).optional(),
  expect: z.strictObject({
    action: z.enum(['allow', 'redact', 'block', 'approve', 'deny']),
    /** The id of the rail that decided. */
    rail: z.string().optional(),
    category: z.string().optional(),
    /** What is left of the text. */
    text: z.string().optional(),
  }),
});

const layer = {
  mode: modeSchema.exclude(['off']).optional(),
  'timeout-ms': z.number().min(1).optional(),
  'budget-ms': z.number().min(1).optional(),
  rails: z.array(policyRailSchema).default([]),
  'tool-flow': toolFlowSchema.optional(),
  ethics: ethicsSchema.optional(),
};

/** A policy file. */
export const policySchema = z.strictObject({
  version: z.literal(1),
  name: z.string().min(1),
  description: z.string().optional(),
  /** The policies it builds on, the first the farthest: names of the library, or files. */
  extends: z.union([z.string(), z.array(z.string())]).optional(),
  ...layer,
  /** What is otherwise for single tenants. */
  tenants: z.record(z.string(), z.strictObject(layer)).default({}),
  tests: z.array(policyTestSchema).default([]),
});

/** A policy with every default filled in, before what it extends is put under it. */
export type Policy = z.output<typeof policySchema>;
/** A policy as a person writes it. */
export type PolicyInput = z.input<typeof policySchema>;
/** What a policy and a tenant's part of it have in common. */
export type PolicyLayer = Pick<
  Policy,
  'mode' | 'timeout-ms' | 'budget-ms' | 'rails' | 'tool-flow' | 'ethics'
>;
export type PolicyRail = z.output<typeof policyRailSchema>;
export type PolicyTest = z.output<typeof policyTestSchema>;

/** Types a policy that is written in TypeScript. */
export function definePolicy(policy: PolicyInput): PolicyInput {
  return policy;
}
