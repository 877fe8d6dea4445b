import * as z from 'zod';

/** Why a model stopped: it was done, hit a limit, wants tools run, was filtered, or for another reason. */
export const finishReasonSchema = z.enum([
  'stop',
  'length',
  'tool-calls',
  'content-filter',
  'error',
  'other',
]);
export type FinishReason = z.infer<typeof finishReasonSchema>;
