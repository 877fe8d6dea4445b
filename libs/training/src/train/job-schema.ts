import { jsonObjectSchema } from '@espalier/core';
import * as z from '@espalier/core/zod';
import { classificationSchema, crossEncoderSchema, embeddingSchema } from './encoder-job-schema.js';

const count = z.int().min(1);

/** How the weights below an adapter are kept. */
const quantisation = {
  quantize: z
    .enum(['int8', 'int4', 'nf4'])
    .describe(
      'Keep the matrices of linear layers, but the output layer, in 8 or 4 bits (QLoRA); nf4: levels for normally distributed weights. They are widened where they are used, and only the adapter is trained: about 1/4 or 1/7 of their memory for some time more a step. Default: as the files have them.',
    )
    .optional(),
  quantize_block_size: z
    .int()
    .min(16)
    .max(4096)
    .multipleOf(2)
    .describe(
      'Values that share a scale, an even number from 16 to 4096: smaller is nearer and larger. Default 64.',
    )
    .default(64),
  quantize_twice: z
    .boolean()
    .describe(
      'Keep the scales in 8 bits too: 0.37 bits a weight less at blocks of 64. Default false.',
    )
    .default(false),
};

const loraSchema = z.union([
  z.strictObject({
    r: count.describe('Rank of the update. From 1; default 8.').default(8),
    alpha: z
      .number()
      .describe('Strength: the update is scaled by alpha / r. Default 16.')
      .default(16),
    dropout: z.number().min(0).lt(1).describe('Share of inputs dropped. Default 0.').default(0),
    target_modules: z
      .union([z.literal('all-linear'), z.array(z.string()).min(1)])
      .describe('Names of modules, or all-linear (the default).')
      .default('all-linear'),
    use_rslora: z.boolean().describe('Scale by alpha / √r. Default false.').default(false),
    use_dora: z.boolean().describe('Learn row lengths apart. Default false.').default(false),
    rank_pattern: z
      .record(z.string(), count)
      .describe('Other ranks, by the end of a module’s name. Default none.')
      .default({}),
    alpha_pattern: z
      .record(z.string(), z.number())
      .describe('Other strengths, by the end of a module’s name. Default none.')
      .default({}),
    modules_to_save: z
      .array(z.string())
      .describe('Modules that are trained and kept whole beside the adapter. Default none.')
      .default([]),
    ...quantisation,
  }),
  z.strictObject({
    init_from: z.string().min(1).describe('PEFT folder whose adapter is trained further.'),
    ...quantisation,
  }),
]);

/** A training job, as it stands in its file. */
export const trainingJobSchema = z.strictObject({
  task: z
    .enum(['sft', 'dpo', 'orpo', 'kto', 'pretrain', 'embedding', 'cross-encoder', 'classification'])
    .describe(
      'sft: rows; dpo, orpo: pairs; kto: rated answers; pretrain: windows of one text; of encoders: embedding: queries and passages, cross-encoder: judged pairs, classification: labelled texts.',
    ),
  model: z
    .union([z.string().min(1), z.looseObject({ model_type: z.string() })])
    .describe('A model folder, or the fields of a config.json to begin from random weights.'),
  output_dir: z.string().min(1).describe('Where the result and the checkpoints go.'),
  seed: z.int().min(0).describe('Of all randomness. Default 0.').default(0),
  train_data: z.string().min(1).describe('JSONL; for pretrain a text file.'),
  eval_data: z.string().min(1).describe('Rows that are only evaluated.').optional(),
  eval_steps: z
    .int()
    .min(0)
    .describe('Steps between evaluations; 0, the default: only at the end.')
    .default(0),
  eval_prompts: z
    .array(z.union([z.string().min(1), z.array(jsonObjectSchema).min(1)]))
    .describe(
      'Prompts, or conversations up to the assistant’s turn, that are continued greedily at each evaluation, to be read. Default none.',
    )
    .default([]),
  eval_max_tokens: count.describe('Tokens that a prompt is continued by. Default 64.').default(64),
  early_stopping_patience: z
    .int()
    .min(0)
    .describe('Evaluations in a row that may bring nothing before the run ends; 0: it never does.')
    .default(0),
  early_stopping_threshold: z
    .number()
    .min(0)
    .describe('By how much an evaluation loss must fall to count. Default 0.')
    .default(0),
  load_best_model_at_end: z
    .boolean()
    .describe('Write the weights with the least evaluation loss. Default false: the last ones.')
    .default(false),
  validation_split: z
    .number()
    .min(0)
    .max(0.5)
    .describe('pretrain: the share at the end of the text kept for evaluation. Default 0.1.')
    .default(0.1),
  eval_batches: z.int().min(0).describe('pretrain: evaluation batches. Default 200.').default(200),
  tokenizer: z
    .string()
    .min(1)
    .describe(
      "model: the model's own; characters: one id for each character of the text of pretrain; else a folder with a tokenizer.json for a model that begins from random weights. Default model.",
    )
    .default('model'),
  shuffle: z.boolean().describe('Anew each epoch, by the seed. Default false.').default(false),
  max_length: count
    .describe(
      'Longest row in tokens; default 1024. Encoders cut longer texts; their default is what the model takes.',
    )
    .default(1024),
  packing: z.boolean().describe('Join rows to packs of max_length. Default false.').default(false),
  group_by_length: z
    .boolean()
    .describe('Batch rows of similar length, for less padding. Default false.')
    .default(false),
  pad_to_multiple_of: count
    .describe('Batches are padded to a multiple of this; each length is compiled once. Default 16.')
    .default(16),
  loss_on: z
    .enum(['all', 'completion', 'assistant'])
    .describe(
      'The tokens that are scored; assistant: what it wrote in messages, end of turn included. Default all. For orpo all and completion say what its cross-entropy scores of the chosen answer.',
    )
    .default('all'),
  batch_size: count.describe('Rows (packs, windows, pairs) at once. Default 8.').default(8),
  gradient_accumulation: count.describe('Batches in one step. Default 1.').default(1),
  gradient_checkpointing: z
    .boolean()
    .describe(
      'Compute each layer again in the backward pass: less memory for about a third more time. Default false.',
    )
    .default(false),
  precision: z
    .enum(['float32', 'bfloat16', 'float16'])
    .describe(
      'What matrix products are multiplied in; weights, sums and all else stay in float32. bfloat16: faster, on the backend tfjs-node where the CPU has instructions for it; float16: on no backend. Checked before the run. Default float32.',
    )
    .default('float32'),
  max_steps: count.describe('Steps in all.'),
  optimizer: z
    .enum(['sgd', 'adam', 'adamw', 'adamw_8bit', 'lion', 'muon'])
    .describe(
      'adamw_8bit keeps the moments of AdamW in 8 bits: 2 bytes a weight instead of 8, for more time a step. Default adamw.',
    )
    .default('adamw'),
  learning_rate: z.number().min(0).describe('At its peak. Default 2e-5.').default(2e-5),
  betas: z
    .tuple([z.number().min(0).lt(1), z.number().min(0).lt(1)])
    .describe(
      'How slowly the running means of gradients and of their squares forget: adam, adamw, adamw_8bit, lion. Default 0.9, 0.999.',
    )
    .default([0.9, 0.999]),
  eps: z
    .number()
    .min(0)
    .describe('Added to what adam, adamw and adamw_8bit divide by. Default 1e-8.')
    .default(1e-8),
  momentum: z.number().min(0).lt(1).describe('Of sgd. Default 0.').default(0),
  weight_decay: z
    .number()
    .min(0)
    .describe('On tensors of two or more dimensions. Default 0.')
    .default(0),
  schedule: z.enum(['constant', 'linear', 'cosine']).describe('Default linear.').default('linear'),
  warmup_steps: z
    .int()
    .min(0)
    .describe('Steps over which the learning rate rises from 0 to its peak. Default 0.')
    .default(0),
  max_grad_norm: z.number().min(0).describe('0: gradients are not clipped. Default 1.').default(1),
  checkpoint_steps: z.int().min(0).describe('Steps between checkpoints; 0: none.').default(0),
  logging_dir: z
    .string()
    .min(1)
    .describe('Where event files for TensorBoard go. Default: runs in output_dir.')
    .optional(),
  beta: z
    .number()
    .gt(0)
    .describe('dpo, kto: strength of the reference; orpo: weight of the preference. Default 0.1.')
    .default(0.1),
  desirable_weight: z.number().min(0).describe('kto: of wanted answers. Default 1.').default(1),
  undesirable_weight: z.number().min(0).describe('kto: of unwanted answers. Default 1.').default(1),
  embedding: embeddingSchema.describe('Of the task embedding.').optional(),
  cross_encoder: crossEncoderSchema.describe('Of the task cross-encoder.').optional(),
  classification: classificationSchema.describe('Of the task classification.').optional(),
  register: z
    .string()
    .min(1)
    .describe('Name in the model registry under which the result is kept. Default: nowhere.')
    .optional(),
  lora: loraSchema.describe('Train an adapter instead of the whole model.').optional(),
});

/** A training job with its defaults filled in. */
export type TrainingJob = z.infer<typeof trainingJobSchema>;
