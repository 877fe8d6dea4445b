import {
  createGuardClassifier,
  probabilityOf,
  type GuardClassifier,
  type GuardClassifierOptions,
  type WindowScores,
} from '../classifiers/create-guard-classifier.js';
import {
  roundScore,
  type CategoryScore,
  type ClassifiedText,
} from '../classifiers/verdict-scores.js';
import { DEFAULT_HAZARDS, HAZARD_CATEGORIES, type HazardCategory } from './hazard-categories.js';

/** What `createModerator` takes. */
export interface ModeratorOptions extends GuardClassifierOptions {
  /** The categories that flag. Default: harm to people, see `DEFAULT_HAZARDS`. */
  readonly categories?: readonly HazardCategory[];
  /** Probabilities from which on a category flags, instead of the calibrated ones. */
  readonly thresholds?: Readonly<Partial<Record<HazardCategory, number>>>;
  /** Loaded tiers to share with other rails. */
  readonly classifier?: GuardClassifier;
}

/** Tells which hazards a text holds. */
export interface Moderator {
  readonly classifier: GuardClassifier;
  /** Judges a text; the largest probability of its windows counts. */
  classify(options: {
    readonly text: string;
    readonly from?: number;
    readonly isFinal?: boolean;
    readonly abortSignal?: AbortSignal;
  }): Promise<ClassifiedText & { readonly windows: number; readonly judgedUntil: number }>;
}

/** What the fast tier must be less sure than, for the encoder to be asked. Log-odds after calibration. */
const UNSURE_FROM = 0.05;
const UNSURE_TO = 0.985;
/** The general head and the categories say the same in two ways; their mean ranks better than either. */
const OVERALL = 'overall';

/**
 * Creates a moderator over the hazards of MLCommons AILuminate.
 *
 * Loads its weights once; share `classifier` between moderators and injection detectors.
 *
 * @throws {GuardEncoderMissingError} `ERR_GUARDRAILS_ENCODER_MISSING`: the profile is `accurate` and there is no encoder.
 */
export async function createModerator(options: ModeratorOptions = {}): Promise<Moderator> {
  const classifier = options.classifier ?? (await createGuardClassifier(options));
  const flagging = new Set<HazardCategory>(options.categories ?? DEFAULT_HAZARDS);

  const scoresOf = ({ logits, scale }: WindowScores): Record<string, number> => {
    const scores: Record<string, number> = {};
    for (const category of HAZARD_CATEGORIES) {
      scores[category] = probabilityOf(scale, category, logits[category] ?? 0);
    }
    const strongest = Math.max(...DEFAULT_HAZARDS.map((category) => logits[category] ?? 0));
    scores[OVERALL] = probabilityOf(scale, OVERALL, ((logits['harm'] ?? 0) + strongest) / 2);
    return scores;
  };

  return {
    classifier,
    async classify({ text, from, isFinal, abortSignal }) {
      const windows = await classifier.judge({
        text,
        ...(from === undefined ? {} : { from }),
        ...(isFinal === undefined ? {} : { isFinal }),
        ...(abortSignal === undefined ? {} : { abortSignal }),
        isUnsure: (logits, scale) => {
          const strongest = Math.max(...DEFAULT_HAZARDS.map((category) => logits[category] ?? 0));
          const overall = probabilityOf(scale, OVERALL, ((logits['harm'] ?? 0) + strongest) / 2);
          return overall > UNSURE_FROM && overall < UNSURE_TO;
        },
      });
      const largest: Record<string, number> = {};
      const flags: Record<string, boolean> = {};
      let span = { start: 0, end: 0 };
      let overall = 0;
      for (const scored of windows) {
        const scores = scoresOf(scored);
        if ((scores[OVERALL] ?? 0) >= overall) {
          overall = scores[OVERALL] ?? 0;
          span = { start: scored.window.start, end: scored.window.end };
        }
        for (const category of HAZARD_CATEGORIES) {
          const score = scores[category] ?? 0;
          largest[category] = Math.max(largest[category] ?? 0, score);
          const threshold =
            options.thresholds?.[category] ?? scored.scale.thresholds[category] ?? 1;
          if (score >= threshold && flagging.has(category)) flags[category] = true;
        }
      }
      const categories: Record<string, CategoryScore> = {};
      for (const category of HAZARD_CATEGORIES) {
        categories[category] = {
          score: roundScore(largest[category] ?? 0),
          flagged: flags[category] === true,
        };
      }
      return {
        score: roundScore(overall),
        flagged: Object.values(flags).includes(true),
        categories,
        span,
        windows: windows.length,
        judgedUntil: windows.at(-1)?.window.end ?? from ?? 0,
      };
    },
  };
}
