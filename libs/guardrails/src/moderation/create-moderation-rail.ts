import type { Rail, RailPoint } from '@espalier/core';
import { createClassifierRail } from '../classifiers/create-classifier-rail.js';
import { createModerator, type ModeratorOptions } from './create-moderator.js';

/** What `createModerationRail` takes. */
export interface ModerationRailOptions extends ModeratorOptions {
  /** Default `moderation`. */
  readonly name?: string;
  /** Default: `input` and `output`. */
  readonly points?: readonly RailPoint[];
}

/**
 * Makes a rail that blocks harmful content by the hazards of MLCommons AILuminate.
 *
 * Judges windows of whole sentences, so that a stream flows on with each; holds back at most the window that is still open.
 *
 * @throws {GuardEncoderMissingError} `ERR_GUARDRAILS_ENCODER_MISSING`: the profile is `accurate` and there is no encoder.
 */
export async function createModerationRail(options: ModerationRailOptions = {}): Promise<Rail> {
  const moderator = await createModerator(options);
  return createClassifierRail({
    name: options.name ?? 'moderation',
    points: options.points ?? ['input', 'output'],
    noun: 'harmful content',
    classify: (at) => moderator.classify(at),
  });
}
