import * as z from 'zod';
import { spanSchema } from '../messages/span.js';

/** Where in a run a rail looks; `conversation` is all turns together, before the first model call. */
export const railPointSchema = z.enum([
  'input',
  'output',
  'retrieval',
  'tool-call',
  'tool-result',
  'conversation',
]);
export type RailPoint = z.infer<typeof railPointSchema>;

/** A place of the text that a rule fired on, in the offsets of the text that was checked. */
export const findingSchema = z.object({
  span: spanSchema,
  /** What was found, `email`, `secret.aws-access-key`. */
  category: z.string(),
  /** Confidence in [0, 1]. */
  score: z.number().min(0).max(1),
  /** The rule that fired, where the rail has several. */
  rule: z.string().optional(),
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
  z.object({
    action: z.literal('block'),
    reason: z.string(),
    findings: z.array(findingSchema),
    /** What to tell the model so that another answer may pass; present where asking again makes sense. */
    feedback: z.string().optional(),
  }),
]);
export type Verdict = z.infer<typeof verdictSchema>;

/** A verdict with the rail that gave it. Holds no text of the checked content but spans. */
export const railReportSchema = z.object({
  rail: z.string(),
  point: railPointSchema,
  verdict: verdictSchema,
  /** Whether the verdict was recorded only, and the text went on as if the rail had allowed it. */
  isDryRun: z.boolean().optional(),
  /** Set where the rail failed or took too long; the verdict is then what the composition makes of that. */
  faultCode: z.string().optional(),
  /** Units: ms. */
  durationMs: z.number().optional(),
});
export type RailReport = z.infer<typeof railReportSchema>;
