import { createSilentLogger, type Logger } from '@espalier/core';
import { GuardEncoderMissingError } from '../errors.js';
import { createReadings } from '../normalisation/create-text-views.js';
import { nameEmoji } from '../normalisation/name-emoji.js';
import { createSpellingRepair } from '../normalisation/spelling-repair.js';
import {
  loadEncoderModel,
  loadFastModel,
  raiseLogits,
  type EncoderModel,
  type FastModel,
  type TierScale,
} from './guard-model.js';
import { createLinearClassifier } from './linear-classifier.js';
import { createRecentResults } from './recent-results.js';
import { textSentences } from './text-sentences.js';
import { textWindows, type TextWindow } from './text-windows.js';

/**
 * Which tiers decide. `fast`: the linear one alone. `balanced`: the encoder where the linear one is not sure. `accurate`: the
 * encoder always.
 */
export type GuardProfile = 'fast' | 'balanced' | 'accurate';

/** What `createGuardClassifier` takes. */
export interface GuardClassifierOptions {
  /** Default `balanced`. */
  readonly profile?: GuardProfile;
  /** The folder of the fast tier's weights. Default: that of `@espalier/model-guardrail-fast`. */
  readonly fastFolder?: string;
  /** The folder of the encoder. Default: that of `@espalier/model-guardrail-encoder`. */
  readonly encoderFolder?: string;
  /** Threads of the encoder. Default 2, at most the machine's cores. */
  readonly threads?: number;
  /** Told once when the profile is `balanced` and there is no encoder. */
  readonly logger?: Logger;
}

/** The probabilities of one window by head, and who gave them. */
export interface WindowScores {
  readonly window: TextWindow;
  readonly tier: 'fast' | 'encoder';
  readonly scale: TierScale;
  /** Log-odds by head. */
  readonly logits: Readonly<Record<string, number>>;
}

/** How many windows were judged, and by which tier. */
export interface GuardClassifierStats {
  readonly windows: number;
  readonly encoderWindows: number;
}

/** Two tiers of one classifier. */
export interface GuardClassifier {
  readonly profile: GuardProfile;
  /** Whether the encoder takes part. */
  readonly hasEncoder: boolean;
  /** The scale of a tier, for its thresholds. */
  readonly fastScale: TierScale;
  /**
   * Judges each window of a text in its readings; the largest log-odds of a head over them count.
   *
   * `isUnsure` says, from the log-odds of the fast tier, whether the encoder shall decide in the profile `balanced`.
   * The fast tier judges the heads in `bySentence` sentence by sentence too, where the largest counts: an instruction that
   * stands among other text would drown in it.
   */
  judge(options: {
    readonly text: string;
    readonly from?: number;
    readonly isFinal?: boolean;
    readonly bySentence?: readonly string[];
    readonly isUnsure: (logits: Readonly<Record<string, number>>, scale: TierScale) => boolean;
    readonly abortSignal?: AbortSignal;
  }): WindowScores[] | Promise<WindowScores[]>;
  readonly stats: GuardClassifierStats;
  dispose(): Promise<void>;
}

/** Windows of one call that the encoder decides at most; the rest is the fast tier's, which bounds the cost of long texts. */
const MAX_ENCODER_WINDOWS = 64;
/** What the encoder is shown of a reading; its tokens end about there. */
const MAX_READING = 2_000;

/**
 * Loads the tiers of the guard classifier.
 *
 * With the profile `balanced` and no encoder at hand, the fast tier works alone; `hasEncoder` and a warning say so.
 *
 * @throws {GuardEncoderMissingError} `ERR_GUARDRAILS_ENCODER_MISSING`: the profile is `accurate` and there is no encoder.
 * @throws {ModelFileCorruptError} `ERR_ENCODERS_MODEL_FILE_CORRUPT`: a weights file is not what its card says.
 */
export async function createGuardClassifier(
  options: GuardClassifierOptions = {},
): Promise<GuardClassifier> {
  const profile = options.profile ?? 'balanced';
  const fast = await loadFastModel(options.fastFolder);
  const encoder = profile === 'fast' ? undefined : await openEncoder(profile, options);
  return composeTiers({ profile, fast, encoder });
}

async function openEncoder(
  profile: GuardProfile,
  options: GuardClassifierOptions,
): Promise<EncoderModel | undefined> {
  try {
    return await loadEncoderModel({
      ...(options.encoderFolder === undefined ? {} : { folder: options.encoderFolder }),
      ...(options.threads === undefined ? {} : { threads: options.threads }),
    });
  } catch (cause) {
    if (!isMissing(cause)) throw cause;
    if (profile === 'accurate') throw new GuardEncoderMissingError({ cause });
    (options.logger ?? createSilentLogger()).warn(
      'The guard encoder is not installed, so the fast tier decides alone. Install @espalier/model-guardrail-encoder and onnxruntime-node for better decisions.',
    );
    return undefined;
  }
}

function isMissing(cause: unknown): boolean {
  const { code } = cause as { code?: unknown };
  return (
    code === 'ERR_MODULE_NOT_FOUND' ||
    code === 'ENOENT' ||
    code === 'ERR_ENCODERS_ONNX_RUNTIME_MISSING'
  );
}

/** What the fast tier found in a window. */
interface FastJudgement {
  /** The readings of the window, emoji by their names, and what they are with typing errors set right. */
  readonly readings: readonly string[];
  /** Log-odds by head, the largest over the readings. */
  readonly logits: Readonly<Record<string, number>>;
  /** The same with `heads` judged sentence by sentence too. */
  bySentence(heads: readonly string[]): Readonly<Record<string, number>>;
}

/**
 * How many windows are remembered. Several rails judge a text one after another or at once, each with a classifier of its
 * own; with this the windows of an ordinary text are read and judged once for all of them.
 */
const REMEMBERED = 32;

/** Classifiers of the same weights share what they remember. */
const fastJudges = new WeakMap<FastModel, (text: string) => FastJudgement>();

function fastJudgeOf(fast: FastModel): (text: string) => FastJudgement {
  const known = fastJudges.get(fast);
  if (known !== undefined) return known;
  const linear = createLinearClassifier(fast);
  const spelling = fast.spelling === undefined ? undefined : createSpellingRepair(fast.spelling);
  const recent = createRecentResults<FastJudgement>(REMEMBERED);
  const judge = (text: string): FastJudgement => {
    const read = createReadings(text).map((view) => nameEmoji(view.text));
    const repaired = read.flatMap((reading) => spelling?.repair(reading) ?? []);
    const readings = [...new Set([...read, ...repaired])];
    const all = readings.map((reading) => linear.logits(reading));
    const logits: Record<string, number> = {};
    fast.heads.forEach((head, index) => {
      logits[head] = Math.max(...all.map((values) => values[index] ?? 0));
    });
    let ofSentences: Float64Array | undefined;
    return {
      readings,
      logits,
      bySentence(heads) {
        ofSentences ??= largestOf(
          readings.flatMap(textSentences).map((each) => linear.logits(each)),
        );
        const found: Record<string, number> = { ...logits };
        for (const head of heads) {
          found[head] = Math.max(
            logits[head] ?? 0,
            ofSentences[fast.heads.indexOf(head)] ?? -Infinity,
          );
        }
        return found;
      },
    };
  };
  const remembering = (text: string): FastJudgement => recent.get(text, () => judge(text));
  fastJudges.set(fast, remembering);
  return remembering;
}

/** A window as the fast tier judged it. */
interface JudgedWindow {
  readonly readings: readonly string[];
  /** As the weights give them. */
  readonly logits: Readonly<Record<string, number>>;
  readonly scores: WindowScores;
}

/** The largest of each column; none for no rows. */
function largestOf(rows: readonly Float64Array[]): Float64Array {
  return (rows[0] ?? new Float64Array()).map((_, column) =>
    rows.reduce((most, row) => Math.max(most, row[column] ?? -Infinity), -Infinity),
  );
}

/** Composes loaded tiers; `createGuardClassifier` loads them. */
export function composeTiers(tiers: {
  readonly profile: GuardProfile;
  readonly fast: FastModel;
  readonly encoder: EncoderModel | undefined;
}): GuardClassifier {
  const { profile, fast, encoder } = tiers;
  const judgeText = fastJudgeOf(fast);
  const counts = { windows: 0, encoderWindows: 0 };

  const judgeFast = (text: string, window: TextWindow, heads: readonly string[]): JudgedWindow => {
    const judged = judgeText(text.slice(window.contextStart, window.end));
    const logits = heads.length === 0 ? judged.logits : judged.bySentence(heads);
    counts.windows += 1;
    const scores = {
      window,
      tier: 'fast',
      scale: fast,
      logits: raiseLogits(logits, fast),
    } as const;
    return { readings: judged.readings, logits, scores };
  };

  const judgeEncoder = async (
    model: EncoderModel,
    judged: JudgedWindow,
    abortSignal: AbortSignal | undefined,
  ): Promise<WindowScores> => {
    counts.encoderWindows += 1;
    const { readings, scores } = judged;
    const all = await Promise.all(
      readings.map((reading) =>
        model.classify(
          reading.slice(0, MAX_READING),
          abortSignal === undefined ? {} : { abortSignal },
        ),
      ),
    );
    const logits: Record<string, number> = {};
    model.heads.forEach((head, index) => {
      const own = Math.max(...all.map((values) => values[index] ?? 0));
      const share = model.blend[head] ?? 0;
      logits[head] = share * own + (1 - share) * (judged.logits[head] ?? own);
    });
    return {
      window: scores.window,
      tier: 'encoder',
      scale: model,
      logits: raiseLogits(logits, model),
    };
  };

  return {
    profile,
    hasEncoder: encoder !== undefined,
    fastScale: fast,
    get stats() {
      return { ...counts };
    },
    judge({ text, from, isFinal, bySentence = [], isUnsure, abortSignal }) {
      const windows = textWindows(text, {
        ...(from === undefined ? {} : { from }),
        ...(isFinal === undefined ? {} : { isFinal }),
      });
      const judged = windows.map((window) => judgeFast(text, window, bySentence));
      if (encoder === undefined) return judged.map(({ scores }) => scores);
      let left = MAX_ENCODER_WINDOWS;
      const asked = judged.map((one) => {
        const isAsked = left > 0 && (profile === 'accurate' || isUnsure(one.scores.logits, fast));
        if (isAsked) left -= 1;
        return isAsked;
      });
      if (!asked.includes(true)) return judged.map(({ scores }) => scores);
      return Promise.all(
        judged.map(async (one, index) =>
          asked[index] === true ? judgeEncoder(encoder, one, abortSignal) : one.scores,
        ),
      );
    },
    dispose: async () => encoder?.dispose(),
  };
}

/** The probability of a head; a head without a scale has its log-odds' own. */
export function probabilityOf(scale: TierScale, head: string, logit: number): number {
  const { slope, offset } = scale.calibration[head] ?? { slope: 1, offset: 0 };
  return 1 / (1 + Math.exp(-(slope * logit + offset)));
}
