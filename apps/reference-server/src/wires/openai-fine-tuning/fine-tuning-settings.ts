import type { JsonObject } from '@espalier/core';
import type { FineTuningRequest } from './fine-tuning-schema.js';

/** What `auto` stands for. */
const EPOCHS = 3;
const BATCH = 8;
/** Learning rates at a multiplier of 1, for adapters. */
const RATES = { supervised: 2e-4, dpo: 2e-5 } as const;
const BETA = 0.1;
const DEFAULT_SEED = 42;
const LORA = { r: 16, alpha: 32 };

/** A request's hyperparameters as the settings of a job, and as they are told. */
export function fineTuningSettings(
  request: FineTuningRequest,
  rows: number,
): {
  readonly method: 'supervised' | 'dpo';
  readonly settings: JsonObject;
  readonly hyperparameters: JsonObject;
  readonly seed: number;
} {
  const { method: asked } = request;
  const method = asked?.type ?? 'supervised';
  const own =
    asked?.type === 'dpo' ? asked.dpo?.hyperparameters : asked?.supervised?.hyperparameters;
  const given = { ...request.hyperparameters, ...own };
  const known = <Value>(value: Value | 'auto' | undefined, otherwise: Value): Value =>
    value === undefined || value === 'auto' ? otherwise : value;
  const epochs = known(given.n_epochs, EPOCHS);
  const batch = known(given.batch_size, Math.min(BATCH, rows));
  const multiplier = known(given.learning_rate_multiplier, 1);
  const beta = 'beta' in given ? known(given.beta as number | 'auto' | undefined, BETA) : BETA;
  const seed = request.seed ?? DEFAULT_SEED;
  return {
    method,
    seed,
    settings: {
      seed,
      shuffle: true,
      max_steps: Math.ceil((rows * epochs) / batch),
      batch_size: batch,
      learning_rate: RATES[method] * multiplier,
      lora: LORA,
      ...(method === 'dpo' ? { beta } : { loss_on: 'assistant' }),
    },
    hyperparameters: {
      n_epochs: epochs,
      batch_size: batch,
      learning_rate_multiplier: multiplier,
      ...(method === 'dpo' && { beta }),
    },
  };
}
