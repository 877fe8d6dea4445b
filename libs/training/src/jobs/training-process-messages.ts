import type { TrainingJob } from '../train/job-schema.js';
import type { TrainingEvent } from '../train/train.js';

/** Names of what computes. */
export const TRAINING_BACKENDS = ['onnx', 'js', 'tfjs', 'tfjs-node'] as const;
export type TrainingBackendName = (typeof TRAINING_BACKENDS)[number];

/** What a training process is told. */
export type TrainingRequest =
  | {
      readonly type: 'run';
      readonly job: TrainingJob;
      readonly isResumed: boolean;
      readonly backend: TrainingBackendName | null;
      /** Where TensorFlow is set up, for `tfjs-node`. */
      readonly tensorFlowFolder: string | null;
      /** Units: bytes; `null`: what the process has left. */
      readonly availableMemory: number | null;
    }
  | { readonly type: 'pause' };

/** How fast a run goes and what it takes. */
export interface TrainingPace {
  /** Of the last step; `null` before the second. */
  readonly tokens_per_second: number | null;
  /** Resident memory of the process. Units: bytes. */
  readonly memory_bytes: number;
  /** How many processors the process kept busy during the last step, on average; `null` before the second. */
  readonly cpu_utilization: number | null;
  /** Until the last step, as the steps of this process went. Units: s. */
  readonly eta_seconds: number | null;
}

/** An event of a run in its process; steps with their pace. */
export type TrainingProcessEvent =
  | Exclude<TrainingEvent, { type: 'step' }>
  | (Extract<TrainingEvent, { type: 'step' }> & TrainingPace);

/** What a training process tells. */
export type TrainingReply =
  | { readonly type: 'event'; readonly event: TrainingProcessEvent }
  | { readonly type: 'end'; readonly outcome: 'done' | 'paused' }
  | {
      readonly type: 'error';
      readonly code: string | null;
      readonly message: string;
      readonly details: Readonly<Record<string, unknown>>;
    };
