import type { LlamaConfig } from './model-config.js';

/** Cosines and sines, each [positions, headWidth / 2]. */
export interface RopeTables {
  readonly cosines: Float32Array;
  readonly sines: Float32Array;
}

/**
 * The rotary tables of a model for `positions` positions, rounded to float32 where Hugging Face models are.
 *
 * Stepwise, each position has the frequencies of a text that ends there, as they are while a cache is extended; it differs
 * for the scaling `dynamic` alone.
 *
 * @see https://arxiv.org/abs/2309.00071 (YaRN) and the frequencies of Llama 3.1 for the two scalings by parts.
 */
export function ropeTables(config: LlamaConfig, positions: number, isStepwise = false): RopeTables {
  const half = config.headWidth / 2;
  const isOwn = isStepwise && config.ropeScaling.kind === 'dynamic';
  const whole = inverseFrequencies(config, positions);
  const cosines = new Float32Array(positions * half);
  const sines = new Float32Array(positions * half);
  for (let position = 0; position < positions; position++) {
    const { frequencies, scale } = isOwn ? inverseFrequencies(config, position + 1) : whole;
    for (let i = 0; i < half; i++) {
      const angle = Math.fround(position * (frequencies[i] ?? 0));
      cosines[position * half + i] = Math.fround(Math.cos(angle)) * scale;
      sines[position * half + i] = Math.fround(Math.sin(angle)) * scale;
    }
  }
  return { cosines, sines };
}

/** What the scaling divides each rotary frequency by. Shape: [headWidth / 2]. */
export function ropeFactors(config: LlamaConfig): Float32Array {
  const plain = inverseFrequencies({ ...config, ropeScaling: { kind: 'default' } }, 1).frequencies;
  const scaled = inverseFrequencies(config, 1).frequencies;
  return plain.map((frequency, i) => frequency / (scaled[i] ?? 1));
}

/** The angle that each pair of entries turns by from one position to the next, and what both tables are multiplied by. */
export function inverseFrequencies(
  config: LlamaConfig,
  positions: number,
): { frequencies: Float32Array; scale: number } {
  const { headWidth, ropeScaling: scaling, maxPositions } = config;
  const half = headWidth / 2;
  const plain = (base: number): Float32Array =>
    Float32Array.from({ length: half }, (_, i) => 1 / base ** ((2 * i) / headWidth));
  const base = plain(config.ropeTheta);
  switch (scaling.kind) {
    case 'default':
      return { frequencies: base, scale: 1 };
    case 'linear':
      return { frequencies: base.map((frequency) => frequency / scaling.factor), scale: 1 };
    case 'dynamic': {
      if (positions <= maxPositions) return { frequencies: base, scale: 1 };
      const stretched = (scaling.factor * positions) / maxPositions - (scaling.factor - 1);
      return {
        frequencies: plain(config.ropeTheta * stretched ** (headWidth / (headWidth - 2))),
        scale: 1,
      };
    }
    case 'llama3': {
      const longest = scaling.originalPositions / scaling.lowFrequencyFactor;
      const shortest = scaling.originalPositions / scaling.highFrequencyFactor;
      return {
        frequencies: base.map((frequency) => {
          const wavelength = (2 * Math.PI) / frequency;
          if (wavelength > longest) return frequency / scaling.factor;
          if (wavelength < shortest) return frequency;
          const smooth =
            (scaling.originalPositions / wavelength - scaling.lowFrequencyFactor) /
            (scaling.highFrequencyFactor - scaling.lowFrequencyFactor);
          return (1 - smooth) * (frequency / scaling.factor) + smooth * frequency;
        }),
        scale: 1,
      };
    }
    case 'yarn': {
      const dimensionOf = (rotations: number): number =>
        (headWidth * Math.log(scaling.originalPositions / (rotations * 2 * Math.PI))) /
        (2 * Math.log(config.ropeTheta));
      const { betaFast, betaSlow, truncate } = scaling;
      const low = Math.max(truncate ? Math.floor(dimensionOf(betaFast)) : dimensionOf(betaFast), 0);
      let high = Math.min(
        truncate ? Math.ceil(dimensionOf(betaSlow)) : dimensionOf(betaSlow),
        headWidth - 1,
      );
      if (high === low) high += 0.001;
      return {
        frequencies: base.map((frequency, i) => {
          const ramp = Math.min(Math.max((i - low) / (high - low), 0), 1);
          return (frequency / scaling.factor) * ramp + frequency * (1 - ramp);
        }),
        scale: scaling.attentionFactor,
      };
    }
  }
}
