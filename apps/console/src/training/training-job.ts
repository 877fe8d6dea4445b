import type { EspalierClient, TrainingStreamEntry } from '@espalier/sdk-ts';

/** A training job, as the client gives it. */
export type TrainingJob = Awaited<ReturnType<EspalierClient['training']['get']>>;

/** One event of it. */
export type TrainingEvent = TrainingStreamEntry['event'];
