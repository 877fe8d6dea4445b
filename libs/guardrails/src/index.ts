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
export type { PiiCategory, PiiRailOptions } from './pii/create-pii-rail.js';
export { createSecretsRail } from './secrets/create-secrets-rail.js';
export type { SecretsRailOptions } from './secrets/create-secrets-rail.js';
export { createSecretScanner } from './secrets/find-secrets.js';
export type { FoundSecret, SecretScanner } from './secrets/find-secrets.js';
export { secretRuleIds } from './secrets/secret-finders.js';
