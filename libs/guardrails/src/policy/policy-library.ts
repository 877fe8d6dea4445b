import { childrenPolicy } from './library/children.js';
import { defaultPolicy } from './library/default.js';
import { financePolicy } from './library/finance.js';
import { healthcarePolicy } from './library/healthcare.js';
import { strictPolicy } from './library/strict.js';
import type { PolicyInput } from './policy-schema.js';

/** The policies that come with the library, by the name under which they can be extended. */
export const policyLibrary = {
  default: defaultPolicy,
  strict: strictPolicy,
  children: childrenPolicy,
  healthcare: healthcarePolicy,
  finance: financePolicy,
} as const satisfies Readonly<Record<string, PolicyInput>>;

/** The name of a policy of the library. */
export type LibraryPolicyName = keyof typeof policyLibrary;
