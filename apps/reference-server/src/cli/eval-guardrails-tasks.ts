import { readFile } from 'node:fs/promises';
import {
  createGuardClassifier,
  createInjectionDetector,
  createModerator,
  createPiiScanner,
  createPiiTagger,
  createSecretScanner,
  scoreGroundedness,
  presidioEntityOf,
  type ClassifiedText,
  type GuardClassifier,
  type GuardProfile,
} from '@espalier/guardrails';

/** A row of the file: a text, who wrote it, and what it is where that is known. */
export interface GuardRow {
  readonly id: string | number;
  readonly text: string;
  /** The evidence, for tasks that check a claim. */
  readonly context?: string;
  readonly source?: 'user' | 'document' | 'tool';
  /** What the row is, for figures: 1 is harmful, an attack, not supported. */
  readonly label?: 0 | 1;
}

/** What a task says of a row; `line` goes to the file as it is. */
export interface GuardJudgement {
  readonly line: Readonly<Record<string, unknown>>;
  /** Places found, for the tasks that find places. */
  readonly entities?: number;
  /** For the tasks that give one number. */
  readonly score?: number;
  readonly flagged?: boolean;
}

/** A task that is ready to judge rows. */
export interface GuardTask {
  judge(row: GuardRow, abortSignal: AbortSignal): GuardJudgement | Promise<GuardJudgement>;
  /** Facts about the run: which tiers decided. */
  facts(): Readonly<Record<string, unknown>>;
  dispose(): Promise<void>;
}

/** What opens a task. */
export interface GuardTaskOptions {
  readonly profile: GuardProfile;
  readonly threads?: number;
  /** How personal data is called: as Presidio does, or as the library itself. */
  readonly types: 'presidio' | 'espalier';
  readonly warn: (message: string) => void;
}

/** Opens each task of `espalier eval guardrails`; a new task is one more entry. */
export const GUARD_TASKS: Readonly<
  Record<string, (options: GuardTaskOptions) => Promise<GuardTask>>
> = {
  pii: async ({ types }) => {
    // With the tagger for what has no form: names, places, organisations.
    const { weightsFile } = await import('@espalier/model-pii-tagger');
    const tagger = createPiiTagger(await readFile(weightsFile));
    return placesTask(
      createPiiScanner({ tagger }),
      types === 'espalier' ? (type) => type : presidioEntityOf,
    );
  },
  secrets: () => Promise.resolve(placesTask(createSecretScanner(), (type) => type)),
  groundedness: () => Promise.resolve(groundednessTask()),
  moderation: async (options) => {
    const classifier = await openClassifier(options);
    const moderator = await createModerator({ classifier });
    return classifierTask(classifier, (row, abortSignal) =>
      moderator.classify({ text: row.text, abortSignal }),
    );
  },
  injection: async (options) => {
    const classifier = await openClassifier(options);
    const detector = await createInjectionDetector({ classifier });
    return classifierTask(classifier, (row, abortSignal) =>
      detector.classify({ text: row.text, source: row.source ?? 'user', abortSignal }),
    );
  },
};

/** A claim is flagged as the rail of groundedness would stop it. */
const NOT_SUPPORTED = 0.5;

function groundednessTask(): GuardTask {
  return {
    judge({ id, text, context = '' }) {
      const score = Math.round(scoreGroundedness(text, [context]).score * 1e6) / 1e6;
      const flagged = score >= NOT_SUPPORTED;
      const categories = { groundedness: { score, flagged } };
      return { line: { id, score, flagged, categories }, score, flagged };
    },
    facts: () => ({}),
    dispose: () => Promise.resolve(),
  };
}

function placesTask(
  scanner: {
    find(text: string): readonly { type: string; start: number; end: number; score: number }[];
  },
  nameOf: (type: string) => string,
): GuardTask {
  return {
    judge({ id, text }) {
      const entities = scanner
        .find(text)
        .map(({ type, start, end, score }) => ({ type: nameOf(type), start, end, score }));
      return { line: { id, entities }, entities: entities.length };
    },
    facts: () => ({}),
    dispose: () => Promise.resolve(),
  };
}

async function openClassifier({
  profile,
  threads,
  warn,
}: GuardTaskOptions): Promise<GuardClassifier> {
  const classifier = await createGuardClassifier({
    profile,
    ...(threads === undefined ? {} : { threads }),
  });
  if (profile !== 'fast' && !classifier.hasEncoder) {
    warn(
      'The guard encoder is not installed, so the fast tier decides alone. Install @espalier/model-guardrail-encoder and onnxruntime-node.',
    );
  }
  return classifier;
}

function classifierTask(
  classifier: GuardClassifier,
  classify: (row: GuardRow, abortSignal: AbortSignal) => Promise<ClassifiedText>,
): GuardTask {
  return {
    async judge(row, abortSignal) {
      const { score, flagged, categories } = await classify(row, abortSignal);
      return { line: { id: row.id, score, flagged, categories }, score, flagged };
    },
    facts() {
      const { windows, encoderWindows } = classifier.stats;
      return {
        profile: classifier.profile,
        encoder: classifier.hasEncoder,
        encoderShare: windows === 0 ? 0 : Math.round((encoderWindows / windows) * 1000) / 1000,
      };
    },
    dispose: () => classifier.dispose(),
  };
}
