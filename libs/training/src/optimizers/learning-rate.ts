/** How the learning rate goes over the steps. */
export interface ScheduleConfig {
  readonly kind: 'constant' | 'linear' | 'cosine';
  readonly peak: number;
  readonly warmupSteps: number;
  readonly totalSteps: number;
}

/**
 * The learning rate of a step, counted from 0: k / W while warming up, then constant, or falling to 0 at the last step.
 *
 * @see `get_linear_schedule_with_warmup` and its siblings in Hugging Face transformers, whose values these are.
 */
export function learningRate(schedule: ScheduleConfig, step: number): number {
  const { kind, peak, warmupSteps, totalSteps } = schedule;
  if (step < warmupSteps) return (peak * step) / Math.max(1, warmupSteps);
  if (kind === 'constant') return peak;
  const rest = Math.max(1, totalSteps - warmupSteps);
  if (kind === 'linear') return peak * Math.max(0, (totalSteps - step) / rest);
  return peak * Math.max(0, 0.5 * (1 + Math.cos((Math.PI * (step - warmupSteps)) / rest)));
}
