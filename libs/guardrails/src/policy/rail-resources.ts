import type { Logger } from '@espalier/core';
import type { GuardClassifier, GuardProfile } from '../classifiers/create-guard-classifier.js';
import { createOnce } from '../internal/once.js';

/** What is heavy and serves many rails: loaded on first use, once for all rails and tenants. */
export interface RailResources {
  classifier(profile: GuardProfile): Promise<GuardClassifier>;
}

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
  return { classifier: (profile) => classifiers[profile]() };
}
