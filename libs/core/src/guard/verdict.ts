import * as z from 'zod';
import { spanSchema } from '../messages/span.js';

/** Where in a run a rail looks. */
export const railPointSchema = z.enum(['input', 'output', 'retrieval', 'tool-call', 'tool-result']);
export type RailPoint = z.infer<typeof railPointSchema>;

/** A place of the text that a rule fired on, in the offsets of the text that was checked. */
export const findingSchema = z.object({
  span: spanSchema,
  /** What was found, `email`, `secret.aws-access-key`. */
  category: z.string(),
  /** Confidence in [0, 1]. */
  score: z.number().min(0).max(1),
  /** What takes its place when the verdict is `redact`. */
  replacement: z.string().optional(),
});
export type Finding = z.infer<typeof findingSchema>;

/**
 * What a rail decides about a text.
 *
 * `allow`: unchanged. `redact`: each finding's span is replaced. `replace`: the whole text is replaced.
 * `block`: the text goes no further and the run ends; at `retrieval` the passage is left out and the run goes on.
 */
export const verdictSchema = z.discriminatedUnion('action', [
  z.object({ action: z.literal('allow') }),
  z.object({
    action: z.literal('redact'),
    reason: z.string(),
    findings: z.array(findingSchema).min(1),
  }),
  z.object({
    action: z.literal('replace'),
    reason: z.string(),
    text: z.string(),
    findings: z.array(findingSchema),
  }),
  z.object({ action: z.literal('block'), reason: z.string(), findings: z.array(findingSchema) }),
]);
export type Verdict = z.infer<typeof verdictSchema>;

/** A verdict with the rail that gave it. Holds no text of the checked content but spans. */
export const railReportSchema = z.object({
  rail: z.string(),
  point: railPointSchema,
  verdict: verdictSchema,
  /** Units: ms. */
  durationMs: z.number().optional(),
});
export type RailReport = z.infer<typeof railReportSchema>;
