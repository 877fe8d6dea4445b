import { errorInfoSchema, jsonObjectSchema } from '@espalier/core';
import * as z from '@espalier/core/zod';
import { timestampSchema } from './timestamp.js';

/** How far a training job is; the last three are final, `paused` waits to be resumed. */
export const trainingJobStatusSchema = z.enum([
  'queued',
  'running',
  'paused',
  'succeeded',
  'failed',
  'cancelled',
]);
export type TrainingJobStatus = z.infer<typeof trainingJobStatusSchema>;

/** Where a run is, as of its last step. */
export const trainingProgressSchema = z.object({
  step: z.int().min(0),
  totalSteps: z.int().min(0),
  loss: z.number().nullable(),
  learningRate: z.number().nullable(),
  gradNorm: z.number().nullable(),
  /** Of all steps so far. */
  trainedTokens: z.int().min(0),
  tokensPerSecond: z.number().nullable(),
  /** Resident memory of the process. Units: bytes. */
  memoryBytes: z.number().nullable(),
  /** Processors that the process kept busy during the last step, on average. Runs of before have none. */
  cpuUtilization: z.number().nullable().default(null),
  /** Units: s. */
  etaSeconds: z.number().nullable(),
  /** Of the last evaluation. */
  evalLoss: z.number().nullable(),
});
export type TrainingProgress = z.infer<typeof trainingProgressSchema>;

/** What a training job made. */
export const trainingResultSchema = z.object({
  /** In the registry, `support@2`. */
  reference: z.string(),
  /** What callers write as `model`, `ft:tiny:support:a1b2`. */
  modelId: z.string(),
});

/** A training run of the server. */
export const trainingJobObjectSchema = z
  .object({
    id: z.string(),
    status: trainingJobStatusSchema,
    task: z.string(),
    /** The configured model or registered version that it begins from. */
    model: z.string(),
    trainingFile: z.string(),
    validationFile: z.string().nullable(),
    /** The name in the registry that takes the result. */
    register: z.string(),
    /** Settings of the job, as given. */
    settings: jsonObjectSchema,
    progress: trainingProgressSchema.nullable(),
    result: trainingResultSchema.nullable(),
    error: errorInfoSchema.nullable(),
    createdAt: timestampSchema,
    startedAt: timestampSchema.nullable(),
    finishedAt: timestampSchema.nullable(),
  })
  .meta({ id: 'TrainingJob' });
export type TrainingJobObject = z.infer<typeof trainingJobObjectSchema>;

/** Body of `POST /api/v1/training/jobs`. */
export const createTrainingJobRequestSchema = z.strictObject({
  /** An id of `training.models` of the configuration, or a reference of the registry. */
  model: z.string().min(1).max(256),
  task: z.enum(['sft', 'dpo', 'orpo', 'kto']).default('sft'),
  /** Id of an uploaded file. */
  trainingFile: z.string().min(1),
  validationFile: z.string().min(1).optional(),
  /** Default: the model’s name with `-tuned`. */
  register: z.string().min(1).max(64).optional(),
  /** Fields of a job file, such as `max_steps`, `learning_rate` and `lora`. */
  settings: jsonObjectSchema.default({}),
});
export type CreateTrainingJobRequest = z.input<typeof createTrainingJobRequestSchema>;

/** Query of `GET /api/v1/training/jobs`. */
export const listTrainingJobsFilterSchema = z.object({
  status: trainingJobStatusSchema.optional(),
});
export type ListTrainingJobsFilter = z.infer<typeof listTrainingJobsFilterSchema>;

/** One event of a training job, as its process tells it. */
export const trainingEventObjectSchema = z
  .looseObject({ type: z.string(), step: z.int().optional() })
  .meta({ id: 'TrainingEvent' });
export type TrainingEventObject = z.infer<typeof trainingEventObjectSchema>;

/** A checkpoint from which a job goes on. */
export const trainingCheckpointSchema = z
  .object({ step: z.int().min(1), createdAt: timestampSchema })
  .meta({ id: 'TrainingCheckpoint' });
export type TrainingCheckpoint = z.infer<typeof trainingCheckpointSchema>;

/** Body of `POST /api/v1/training/files`. */
export const createTrainingFileRequestSchema = z.strictObject({
  name: z.string().min(1).max(255),
  /** JSONL, one row a line. */
  text: z.string().min(1),
});
export type CreateTrainingFileRequest = z.input<typeof createTrainingFileRequestSchema>;

/** An uploaded file of training data. */
export const trainingFileObjectSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    bytes: z.int().min(0),
    createdAt: timestampSchema,
  })
  .meta({ id: 'TrainingFile' });
export type TrainingFileObject = z.infer<typeof trainingFileObjectSchema>;

/** Body of `POST /api/v1/training/clean`. */
export const cleanTrainingRequestSchema = z.strictObject({
  /** Only tells what would be removed. */
  dryRun: z.boolean().default(false),
});
export type CleanTrainingRequest = z.input<typeof cleanTrainingRequestSchema>;

/** Which jobs’ folders were, or would be, removed. */
export const trainingCleanReportSchema = z
  .object({ jobs: z.array(z.string()), bytes: z.int().min(0), isDryRun: z.boolean() })
  .meta({ id: 'TrainingCleanReport' });
export type TrainingCleanReport = z.infer<typeof trainingCleanReportSchema>;
