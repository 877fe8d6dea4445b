import type { Rail } from '@espalier/core';
import {
  createModerationRail,
  type ModerationRailOptions,
} from '../moderation/create-moderation-rail.js';

/**
 * Makes a rail that blocks content which discriminates against people for what they are, and nothing else: the hazard
 * `hate` of the moderation classifier, at `input` and `output` unless told otherwise.
 *
 * @throws {GuardEncoderMissingError} `ERR_GUARDRAILS_ENCODER_MISSING`: the profile is `accurate` and there is no encoder.
 */
export function createDiscriminationRail(
  options: Omit<ModerationRailOptions, 'categories'> = {},
): Promise<Rail> {
  return createModerationRail({ name: 'discrimination', ...options, categories: ['hate'] });
}
