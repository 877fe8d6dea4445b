import type { ModelConfig } from './model-config.js';

/** How many tokens a model can read: its positions, times the factor where its rotary frequencies stretch as it reads. */
export function positionLimit(config: ModelConfig): number {
  return 'ropeScaling' in config && config.ropeScaling.kind === 'dynamic'
    ? Math.floor(config.maxPositions * config.ropeScaling.factor)
    : config.maxPositions;
}
