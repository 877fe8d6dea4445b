/** How weights follow their gradients. */
export interface OptimizerConfig {
  readonly kind: 'sgd' | 'adam' | 'adamw' | 'lion' | 'muon';
  readonly betas: readonly [number, number];
  readonly epsilon: number;
  /** On tensors of two or more dimensions only. */
  readonly weightDecay: number;
  /** The norm that gradients are scaled down to; 0: never. */
  readonly maxGradNorm: number;
  /** SGD's momentum. */
  readonly momentum: number;
}
