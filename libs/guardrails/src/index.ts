export { createGuardrails } from './create-guardrails.js';
export type { GuardrailsOptions } from './create-guardrails.js';
export {
  GuardStreamEndedError,
  RailContractError,
  RailFailedError,
  RailNameTakenError,
  RailTimeoutError,
} from './errors.js';
export type { RailAction } from './internal/create-pattern-rail.js';
export { createPiiRail } from './pii/create-pii-rail.js';
export type { PiiRailOptions } from './pii/create-pii-rail.js';
export { createPiiScanner } from './pii/find-pii.js';
export type { FoundPii, PiiScanner } from './pii/find-pii.js';
export type { PiiCategory, PiiSelection } from './pii/pii-finders.js';
export { applyPiiOperator } from './pii/pii-operators.js';
export type { PiiOperator } from './pii/pii-operators.js';
export type { PiiRecogniser } from './pii/recogniser-finder.js';
export { createSecretsRail } from './secrets/create-secrets-rail.js';
export type { SecretsRailOptions } from './secrets/create-secrets-rail.js';
export { createSecretScanner } from './secrets/find-secrets.js';
export type { FoundSecret, SecretScanner } from './secrets/find-secrets.js';
export { secretRuleIds } from './secrets/secret-finders.js';
export { createTextViews } from './normalisation/create-text-views.js';
export type { TextViewOptions } from './normalisation/create-text-views.js';
export type { TextView } from './normalisation/text-view.js';
