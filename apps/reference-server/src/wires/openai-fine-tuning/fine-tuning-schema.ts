import { z } from 'zod';

const positive = z.union([z.literal('auto'), z.int().min(1)]);
const multiplier = z.union([z.literal('auto'), z.number().gt(0)]);

const hyperparametersSchema = z.strictObject({
  n_epochs: positive.optional(),
  batch_size: positive.optional(),
  learning_rate_multiplier: multiplier.optional(),
});

const dpoHyperparametersSchema = hyperparametersSchema.extend({
  beta: z.union([z.literal('auto'), z.number().gt(0).max(2)]).optional(),
});

/** Body of `POST /v1/fine_tuning/jobs`. */
export const fineTuningRequestSchema = z.strictObject({
  model: z.string().min(1).max(256),
  training_file: z.string().min(1),
  validation_file: z.string().min(1).nullish(),
  hyperparameters: hyperparametersSchema.nullish(),
  method: z
    .discriminatedUnion('type', [
      z.strictObject({
        type: z.literal('supervised'),
        supervised: z
          .strictObject({ hyperparameters: hyperparametersSchema.optional() })
          .optional(),
      }),
      z.strictObject({
        type: z.literal('dpo'),
        dpo: z.strictObject({ hyperparameters: dpoHyperparametersSchema.optional() }).optional(),
      }),
    ])
    .nullish(),
  suffix: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/u, {
      message: 'Must be letters, digits, ".", "_" or "-", a letter or digit first',
    })
    .nullish(),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .nullish(),
  metadata: z.record(z.string().max(64), z.string().max(512)).nullish(),
  integrations: z
    .array(z.unknown())
    .max(0, { message: 'Must be empty: this server reports to no other service' })
    .nullish(),
});
export type FineTuningRequest = z.output<typeof fineTuningRequestSchema>;
