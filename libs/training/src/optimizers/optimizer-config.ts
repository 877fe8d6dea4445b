/** How weights follow their gradients. */
export interface OptimizerConfig {
  /** `adamw_8bit`: AdamW with both moments in blocks of eight bits, but those of embeddings and small tensors. */
  readonly kind: 'sgd' | 'adam' | 'adamw' | 'adamw_8bit' | 'lion' | 'muon';
  readonly betas: readonly [number, number];
  readonly epsilon: number;
  /** On tensors of two or more dimensions only. */
  readonly weightDecay: number;
  /** The norm that gradients are scaled down to; 0: never. */
  readonly maxGradNorm: number;
  /** SGD's momentum. */
  readonly momentum: number;
}
