import { InvalidArgumentError } from '@espalier/core';
import { PrivacyBudgetError } from '../errors.js';
import { discreteGaussian, discreteLaplace } from './discrete-noise.js';
import { createSecureIntegers, systemRandomBytes, type RandomBytes } from './secure-integers.js';

/** What `createPrivacyBudget` takes. */
export interface PrivacyBudgetOptions {
  /** How much all answers together may tell about one person. Commonly 0.1 to 10. */
  readonly epsilon: number;
  /** The chance with which they may tell more. 0 admits Laplace noise only. Default 0. */
  readonly delta?: number;
  /** Default: the platform's cryptographic generator. */
  readonly randomBytes?: RandomBytes;
}

/** A number to be told with noise. */
export interface NoisyAnswer {
  readonly value: number;
  /** The most by which one person changes it. */
  readonly sensitivity: number;
  /** The step of the answer. Default: 1 where value and sensitivity are whole, else sensitivity / 1,024. */
  readonly step?: number;
}

/** What may be told about the people of one table, and what was. */
export interface PrivacyBudget {
  /**
   * The value with discrete Laplace noise of scale `sensitivity` / `epsilon`.
   *
   * @throws {PrivacyBudgetError} `ERR_GUARDRAILS_PRIVACY_BUDGET`: not enough is left; nothing was told.
   */
  laplace(answer: NoisyAnswer & { readonly epsilon: number }): number;
  /**
   * Several values of which one person changes only one, by at most `sensitivity`: epsilon is spent once.
   *
   * @throws {PrivacyBudgetError} `ERR_GUARDRAILS_PRIVACY_BUDGET`: not enough is left; nothing was told.
   */
  laplaceAll(
    answers: Omit<NoisyAnswer, 'value'> & {
      readonly values: readonly number[];
      readonly epsilon: number;
    },
  ): readonly number[];
  /**
   * The value with discrete Gaussian noise of standard deviation `sensitivity` × `noiseMultiplier`.
   *
   * @throws {PrivacyBudgetError} `ERR_GUARDRAILS_PRIVACY_BUDGET`: not enough is left; nothing was told.
   */
  gaussian(answer: NoisyAnswer & { readonly noiseMultiplier: number }): number;
  /** The epsilon that has been spent, at the budget's delta. */
  readonly spentEpsilon: number;
  readonly remainingEpsilon: number;
}

/** Epsilon is counted in this many parts, rounded up. */
const PARTS = 2 ** 20;

/**
 * Makes a budget of differential privacy, with what tells numbers out of it.
 *
 * What is spent is the smaller of two counts: the sum of all epsilons (pure answers alone), and concentrated privacy, ρ = ε²/2
 * for Laplace and 1/2σ² for Gaussian noise, as ε = ρ + 2√(ρ ln(1/δ)). Noise is drawn exactly, as whole steps.
 *
 * @see Dwork and Roth 2014, §3.3 and §3.5; Bun and Steinke 2016, Propositions 1.3, 1.4 and 1.6 (zCDP)
 */
export function createPrivacyBudget(options: PrivacyBudgetOptions): PrivacyBudget {
  const { epsilon, delta = 0 } = options;
  requireNumber('epsilon', epsilon, epsilon > 0, 'a number above 0');
  requireNumber('delta', delta, delta >= 0 && delta < 1, 'a number in [0, 1)');
  const integers = createSecureIntegers(options.randomBytes ?? systemRandomBytes);
  let pure = 0;
  let rho = 0;
  const costOf = (sum: number, concentrated: number): number => {
    if (delta === 0) return sum;
    return Math.min(sum, concentrated + 2 * Math.sqrt(concentrated * Math.log(1 / delta)));
  };
  const spend = (addedPure: number, addedRho: number): void => {
    const cost = costOf(pure + addedPure, rho + addedRho);
    if (!(cost <= epsilon * (1 + 1e-12)))
      throw new PrivacyBudgetError({
        wanted: `epsilon ${(cost - costOf(pure, rho)).toPrecision(4)}`,
        left: `epsilon ${(epsilon - costOf(pure, rho)).toPrecision(4)}`,
      });
    pure += addedPure;
    rho += addedRho;
  };
  const steps = ({ value, sensitivity, step }: NoisyAnswer) => {
    requireNumber('value', value, true, 'a finite number');
    requireNumber('sensitivity', sensitivity, sensitivity > 0, 'a number above 0');
    const isWhole = Number.isInteger(value) && Number.isInteger(sensitivity);
    const width = step ?? (isWhole ? 1 : sensitivity / 1024);
    requireNumber('step', width, width > 0, 'a number above 0');
    const isExact = Number.isInteger(value / width) && Number.isInteger(sensitivity / width);
    return {
      width,
      count: Math.round(value / width),
      // Rounding may carry two neighbouring values one step further apart.
      reach: BigInt(Math.ceil(sensitivity / width) + (isExact ? 0 : 1)),
    };
  };
  const laplaceAll: PrivacyBudget['laplaceAll'] = ({ epsilon: share, values, ...others }) => {
    requireNumber('epsilon', share, share > 0, 'a number above 0');
    const prepared = values.map((value) => steps({ value, ...others }));
    const parts = BigInt(Math.max(1, Math.floor(share * PARTS)));
    spend(share, share ** 2 / 2);
    return prepared.map(
      ({ width, count, reach }) =>
        (count + Number(discreteLaplace(integers, reach * BigInt(PARTS), parts))) * width,
    );
  };
  return {
    laplace: ({ value, ...others }) => laplaceAll({ values: [value], ...others })[0] ?? 0,
    laplaceAll,
    gaussian({ noiseMultiplier, ...answer }) {
      requireNumber('noiseMultiplier', noiseMultiplier, noiseMultiplier > 0, 'a number above 0');
      const { width, count, reach } = steps(answer);
      const parts = BigInt(Math.ceil(noiseMultiplier * 1024));
      spend(Number.POSITIVE_INFINITY, 1 / (2 * noiseMultiplier ** 2));
      const noise = discreteGaussian(integers, (reach * parts) ** 2n, 1024n ** 2n);
      return (count + Number(noise)) * width;
    },
    get spentEpsilon() {
      return costOf(pure, rho);
    },
    get remainingEpsilon() {
      return Math.max(0, epsilon - costOf(pure, rho));
    },
  };
}

function requireNumber(argument: string, value: number, isRight: boolean, expected: string): void {
  if (!Number.isFinite(value) || !isRight)
    throw new InvalidArgumentError({ argument, value, expected });
}
