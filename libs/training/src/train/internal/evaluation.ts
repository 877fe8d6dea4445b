import { hearSignal } from './hear-signal.js';
import type { RowReward, Stepper } from './create-stepper.js';
import type { PreparedData } from './prepare-data.js';

/** Means over rows of a preference task. */
export interface RewardMetrics {
  readonly reward_chosen?: number;
  readonly reward_rejected?: number;
  /** Chosen over rejected. */
  readonly reward_margin?: number;
  /** Share of pairs whose chosen answer has the higher reward. */
  readonly reward_accuracy?: number;
}

/** The loss over all data kept for evaluation; undefined where there is none, `'paused'` where it was left. */
export async function evaluate(
  data: PreparedData,
  stepper: Stepper,
  pauseSignal?: AbortSignal,
): Promise<({ readonly loss: number } & RewardMetrics) | 'paused' | undefined> {
  let total = 0;
  let units = 0;
  const rewards: RowReward[][] = [];
  for (const batch of data.evaluationBatches()) {
    if (await hearSignal(pauseSignal)) return 'paused';
    const result = await stepper.evaluate(batch);
    total += result.loss;
    units += batch.units;
    rewards.push(result.rewards);
  }
  return units === 0
    ? undefined
    : { loss: total / units, ...rewardMetrics(rewards, data.isPaired) };
}

/** Sums the rewards of batches up; in batches of pairs the chosen rows come first. */
export function rewardMetrics(
  batches: readonly (readonly RowReward[])[],
  isPaired: boolean,
): RewardMetrics {
  const chosen = meanReward(batches.flat(), true);
  const rejected = meanReward(batches.flat(), false);
  return {
    ...(chosen === undefined ? {} : { reward_chosen: chosen }),
    ...(rejected === undefined ? {} : { reward_rejected: rejected }),
    ...(chosen === undefined || rejected === undefined ? {} : { reward_margin: chosen - rejected }),
    ...(isPaired ? { reward_accuracy: accuracy(batches) } : {}),
  };
}

function meanReward(rewards: readonly RowReward[], isWanted: boolean): number | undefined {
  const own = rewards.filter((row) => row.isWanted === isWanted);
  if (own.length === 0) return undefined;
  return own.reduce((total, { reward }) => total + reward, 0) / own.length;
}

function accuracy(batches: readonly (readonly RowReward[])[]): number {
  const wins = batches.flatMap((batch) =>
    batch
      .slice(0, batch.length / 2)
      .map(({ reward }, pair) => reward > (batch[pair + batch.length / 2]?.reward ?? 0)),
  );
  return wins.filter(Boolean).length / wins.length;
}
