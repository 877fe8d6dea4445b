import type { Logger } from '@espalier/core';
import type { GuardClassifier, GuardProfile } from '../classifiers/create-guard-classifier.js';
import { createOnce } from '../internal/once.js';
import type { PiiTagger } from '../tagger/create-pii-tagger.js';

/** What is heavy and serves many rails: loaded on first use, once for all rails and tenants. */
export interface RailResources {
  classifier(profile: GuardProfile): Promise<GuardClassifier>;
  /** Whether the weights of the tagger are installed. */
  hasTagger(): Promise<boolean>;
  /** Finds names, addresses and organisations. */
  tagger(): Promise<PiiTagger>;
}

/** Only says where its weights are. */
const findTagger = async (): Promise<string> =>
  (await import('@espalier/model-pii-tagger')).weightsFile;

/** Creates resources with nothing loaded yet. */
export function createRailResources(options: { readonly logger?: Logger } = {}): RailResources {
  const { logger } = options;
  const open = (profile: GuardProfile): (() => Promise<GuardClassifier>) =>
    createOnce(async () => {
      const { createGuardClassifier } = await import('../classifiers/create-guard-classifier.js');
      return createGuardClassifier({ profile, ...(logger === undefined ? {} : { logger }) });
    });
  const classifiers: Readonly<Record<GuardProfile, () => Promise<GuardClassifier>>> = {
    fast: open('fast'),
    balanced: open('balanced'),
    accurate: open('accurate'),
  };
  const tagger = createOnce(async () => {
    const [{ createPiiTagger }, { readFile }, file] = await Promise.all([
      import('../tagger/create-pii-tagger.js'),
      import('node:fs/promises'),
      findTagger(),
    ]);
    return createPiiTagger(await readFile(file));
  });
  return {
    classifier: (profile) => classifiers[profile](),
    hasTagger: () =>
      findTagger().then(
        () => true,
        () => false,
      ),
    tagger,
  };
}
