import { jsonObjectSchema } from '@espalier/core';
import * as z from '@espalier/core/zod';

/** Where a version stands on its way; one version of a name is in production at most. */
export const registryStageSchema = z.enum(['candidate', 'staging', 'production', 'archived']);
export type RegistryStage = z.infer<typeof registryStageSchema>;

/** What a version came from. */
export const registryLineageSchema = z.strictObject({
  /** SHA-256 of each file of training data, by its name. */
  data: z.record(z.string(), z.string()).default({}),
  /** The job, as it stood in its file. */
  config: jsonObjectSchema.default({}),
  /** The version of the code that trained it. */
  codeVersion: z.string().optional(),
  /** The version that training went on from, `name@2`. */
  parent: z.string().optional(),
});
export type RegistryLineage = z.infer<typeof registryLineageSchema>;

const fileSchema = z.strictObject({
  path: z.string(),
  /** SHA-256, hexadecimal. */
  sha256: z.string(),
  bytes: z.int().min(0),
});

/** One version of a model or an adapter. */
export const registryEntrySchema = z.strictObject({
  name: z.string(),
  /** From 1, in the order of registration. */
  version: z.int().min(1),
  kind: z.enum(['model', 'adapter']),
  /** A name of its own beside `name@version`, `ft:tiny:support:a1b2`. */
  id: z.string().optional(),
  /** Of all files together: equal digests are equal models. */
  digest: z.string(),
  files: z.array(fileSchema),
  /** The model that an adapter belongs on, `name@1`. */
  base: z.string().optional(),
  lineage: registryLineageSchema,
  metrics: z.record(z.string(), z.number()),
  stage: registryStageSchema,
  createdAt: z.string(),
});
export type RegistryEntry = z.infer<typeof registryEntrySchema>;

/** One change of what stands in production or under an alias. */
export const registryMoveSchema = z.strictObject({
  /** `production`, or an alias. */
  label: z.string(),
  from: z.int().nullable(),
  to: z.int().nullable(),
  at: z.string(),
});
export type RegistryMove = z.infer<typeof registryMoveSchema>;

const nameSchema = z.strictObject({
  /** The number that the next version gets; numbers are never used again. */
  next: z.int().min(1),
  versions: z.array(registryEntrySchema),
  aliases: z.record(z.string(), z.int()),
  history: z.array(registryMoveSchema),
});
export type RegistryName = z.infer<typeof nameSchema>;

/** The whole index, as it stands in `index.json`. */
export const registryIndexSchema = z.strictObject({
  format: z.literal(1),
  names: z.record(z.string(), nameSchema),
});
export type RegistryIndex = z.infer<typeof registryIndexSchema>;
