import type { AdapterConfig } from '../../lora/adapter-config.js';
import type { LoadModelOptions } from '../../models/load-model.js';
import type { TrainingJob } from '../job-schema.js';

/** The adapter that a job begins; none where it trains the whole model, or an adapter that is there. */
export function adapterOf({ lora }: TrainingJob): AdapterConfig | undefined {
  if (lora === undefined || 'init_from' in lora) return undefined;
  return {
    rank: lora.r,
    alpha: lora.alpha,
    dropout: lora.dropout,
    targetModules: lora.target_modules,
    isRankStabilised: lora.use_rslora,
    isDora: lora.use_dora,
    rankPattern: lora.rank_pattern,
    alphaPattern: lora.alpha_pattern,
    modulesToSave: lora.modules_to_save,
  };
}

/** How a job has its model loaded; `saved`: modules that it trains whole beside those it names. */
export function loadingOf(
  job: TrainingJob,
  saved: readonly string[] = [],
): Pick<LoadModelOptions, 'trains' | 'freshAdapter' | 'quantise'> {
  const { lora } = job;
  if (lora === undefined) return { trains: 'everything' };
  const fresh = adapterOf(job);
  const { quantize: kind, quantize_block_size: blockSize, quantize_twice: isDouble } = lora;
  return {
    trains: 'adapter',
    ...(fresh && { freshAdapter: { ...fresh, modulesToSave: [...fresh.modulesToSave, ...saved] } }),
    ...(kind !== undefined && { quantise: { kind, blockSize, isDouble } }),
  };
}
