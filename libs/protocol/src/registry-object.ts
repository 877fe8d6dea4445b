import { jsonObjectSchema, jsonValueSchema } from '@espalier/core';
import * as z from '@espalier/core/zod';
import { timestampSchema } from './timestamp.js';

/** Where a version stands on its way. */
export const modelStageSchema = z.enum(['candidate', 'staging', 'production', 'archived']);
export type ModelStage = z.infer<typeof modelStageSchema>;

/** One version of a registered model or adapter. */
export const modelVersionObjectSchema = z
  .object({
    /** `name@version`. */
    reference: z.string(),
    name: z.string(),
    version: z.int().min(1),
    kind: z.enum(['model', 'adapter']),
    /** A name of its own, `ft:tiny:support:a1b2`. */
    modelId: z.string().nullable(),
    base: z.string().nullable(),
    stage: modelStageSchema,
    aliases: z.array(z.string()),
    digest: z.string(),
    files: z.array(z.object({ path: z.string(), sha256: z.string(), bytes: z.int().min(0) })),
    lineage: z.object({
      data: z.record(z.string(), z.string()),
      config: jsonObjectSchema,
      codeVersion: z.string().nullable(),
      parent: z.string().nullable(),
    }),
    metrics: z.record(z.string(), z.number()),
    createdAt: timestampSchema,
  })
  .meta({ id: 'ModelVersion' });
export type ModelVersionObject = z.infer<typeof modelVersionObjectSchema>;

/** Query of `GET /api/v1/registry/versions`. */
export const listModelVersionsFilterSchema = z.object({ name: z.string().optional() });
export type ListModelVersionsFilter = z.infer<typeof listModelVersionsFilterSchema>;

/** Query of `GET /api/v1/registry/versions/{reference}`. */
export const getModelVersionQuerySchema = z.object({
  /** `true`: its files are compared with their hashes first. */
  verify: z.enum(['true', 'false']).optional(),
});

/** Body of `POST /api/v1/registry/versions/{reference}/promote`. */
export const promoteModelRequestSchema = z.strictObject({
  stage: modelStageSchema.default('production'),
});
export type PromoteModelRequest = z.input<typeof promoteModelRequestSchema>;

/** Body of `POST /api/v1/registry/models/{name}/aliases`; `null` removes the alias. */
export const setModelAliasRequestSchema = z.strictObject({
  alias: z.string().min(1).max(64),
  reference: z.string().min(1).nullable(),
});
export type SetModelAliasRequest = z.input<typeof setModelAliasRequestSchema>;

/** Body of `POST /api/v1/registry/models/{name}/rollback`. */
export const rollBackModelRequestSchema = z.strictObject({
  /** `production`, or an alias. */
  label: z.string().min(1).default('production'),
});
export type RollBackModelRequest = z.input<typeof rollBackModelRequestSchema>;

const change = z.object({ from: jsonValueSchema, to: jsonValueSchema });

/** Query of `GET /api/v1/registry/diff`. */
export const compareModelsQuerySchema = z.object({
  from: z.string().min(1),
  to: z.string().min(1),
});

/** What differs between two versions. */
export const modelDifferenceSchema = z
  .object({
    from: z.string(),
    to: z.string(),
    config: z.record(z.string(), change),
    data: z.record(z.string(), change),
    metrics: z.record(z.string(), change),
    files: z.object({
      added: z.array(z.string()),
      removed: z.array(z.string()),
      changed: z.array(z.string()),
    }),
    base: z.object({ from: z.string().nullable(), to: z.string().nullable() }),
  })
  .meta({ id: 'ModelDifference' });
export type ModelDifference = z.infer<typeof modelDifferenceSchema>;

/** Body of `POST /api/v1/registry/gc`. */
export const collectModelGarbageRequestSchema = z.strictObject({
  dryRun: z.boolean().default(false),
});
export type CollectModelGarbageRequest = z.input<typeof collectModelGarbageRequestSchema>;

/** What was, or would be, removed. */
export const modelGarbageReportSchema = z
  .object({
    versions: z.array(z.string()),
    objects: z.int().min(0),
    bytes: z.int().min(0),
    isDryRun: z.boolean(),
  })
  .meta({ id: 'ModelGarbageReport' });
export type ModelGarbageReport = z.infer<typeof modelGarbageReportSchema>;
