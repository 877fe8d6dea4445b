import type { Rail, RailPoint } from '@espalier/core';
import { createClassifierRail } from '../classifiers/create-classifier-rail.js';
import {
  createInjectionDetector,
  type InjectionDetectorOptions,
  type TextSource,
} from './create-injection-detector.js';

/** What `createInjectionRail` takes. */
export interface InjectionRailOptions extends InjectionDetectorOptions {
  /** Default `injection`. */
  readonly name?: string;
  /** Default: `input`, `retrieval` and `tool-result`. */
  readonly points?: readonly RailPoint[];
}

const SOURCE_AT: Readonly<Record<RailPoint, TextSource>> = {
  input: 'user',
  output: 'user',
  'tool-call': 'user',
  retrieval: 'document',
  'tool-result': 'tool',
  conversation: 'user',
};

/**
 * Makes a rail that blocks prompt injections and jailbreaks: what a user says at `input`, and what stands in passages and
 * tool results at `retrieval` and `tool-result`, where an instruction is out of place.
 *
 * @throws {GuardEncoderMissingError} `ERR_GUARDRAILS_ENCODER_MISSING`: the profile is `accurate` and there is no encoder.
 */
export async function createInjectionRail(options: InjectionRailOptions = {}): Promise<Rail> {
  const detector = await createInjectionDetector(options);
  return createClassifierRail({
    name: options.name ?? 'injection',
    points: options.points ?? ['input', 'retrieval', 'tool-result'],
    noun: 'an attempt to take over the model',
    classify: ({ point, ...at }) => detector.classify({ ...at, source: SOURCE_AT[point] }),
  });
}
