import {
  createGuardClassifier,
  probabilityOf,
  type GuardClassifier,
  type GuardClassifierOptions,
  type WindowScores,
} from '../classifiers/create-guard-classifier.js';
import { roundScore, type ClassifiedText } from '../classifiers/verdict-scores.js';

/** Who wrote the text: the user, or somebody whose text the agent was given. */
export type TextSource = 'user' | 'document' | 'tool';

/** What `createInjectionDetector` takes. */
export interface InjectionDetectorOptions extends GuardClassifierOptions {
  /** Probability from which on a text is flagged, instead of the calibrated ones. */
  readonly threshold?: number;
  /** Loaded tiers to share with other rails. */
  readonly classifier?: GuardClassifier;
}

/** Tells whether a text tries to take over the model. */
export interface InjectionDetector {
  readonly classifier: GuardClassifier;
  /**
   * Judges a text. `jailbreak` is an attempt in what the user says; `injection` an instruction in a document or a tool's
   * result, where none belongs, and is looked for there only.
   */
  classify(options: {
    readonly text: string;
    /** Default `user`. */
    readonly source?: TextSource;
    readonly from?: number;
    readonly isFinal?: boolean;
    readonly abortSignal?: AbortSignal;
  }): Promise<ClassifiedText & { readonly windows: number; readonly judgedUntil: number }>;
}

const UNSURE_FROM = 0.02;
const UNSURE_TO = 0.99;

/**
 * Creates a detector of prompt injections and jailbreaks, direct and indirect.
 *
 * @throws {GuardEncoderMissingError} `ERR_GUARDRAILS_ENCODER_MISSING`: the profile is `accurate` and there is no encoder.
 */
export async function createInjectionDetector(
  options: InjectionDetectorOptions = {},
): Promise<InjectionDetector> {
  const classifier = options.classifier ?? (await createGuardClassifier(options));
  return {
    classifier,
    async classify({ text, source = 'user', from, isFinal, abortSignal }) {
      const heads = source === 'user' ? ['direct'] : ['direct', 'indirect'];
      const windows = await classifier.judge({
        text,
        // What a user says is one request; in a document each sentence may be somebody else's.
        bySentence: heads.filter((head) => head === 'indirect'),
        ...(from === undefined ? {} : { from }),
        ...(isFinal === undefined ? {} : { isFinal }),
        ...(abortSignal === undefined ? {} : { abortSignal }),
        isUnsure: (logits, scale) =>
          heads.some((head) => {
            const score = probabilityOf(scale, head, logits[head] ?? 0);
            return score > UNSURE_FROM && score < UNSURE_TO;
          }),
      });
      const scores: Record<string, number> = { direct: 0, indirect: 0 };
      const flags: Record<string, boolean> = {};
      let span = { start: 0, end: 0 };
      let overall = 0;
      const consider = ({ window, scale, logits }: WindowScores): void => {
        for (const head of heads) {
          const score = probabilityOf(scale, head, logits[head] ?? 0);
          scores[head] = Math.max(scores[head] ?? 0, score);
          if (score >= (options.threshold ?? scale.thresholds[head] ?? 1)) flags[head] = true;
          if (score < overall) continue;
          overall = score;
          span = { start: window.start, end: window.end };
        }
      };
      windows.forEach(consider);
      return {
        score: roundScore(overall),
        flagged: Object.values(flags).includes(true),
        categories: {
          jailbreak: {
            score: roundScore(scores['direct'] ?? 0),
            flagged: flags['direct'] === true,
          },
          injection: {
            score: roundScore(scores['indirect'] ?? 0),
            flagged: flags['indirect'] === true,
          },
        },
        span,
        windows: windows.length,
        judgedUntil: windows.at(-1)?.window.end ?? from ?? 0,
      };
    },
  };
}
