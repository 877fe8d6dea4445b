export { createGuardrails } from './create-guardrails.js';
export type { GuardrailsOptions } from './create-guardrails.js';
export {
  GuardEncoderMissingError,
  GuardStreamEndedError,
  GuardWeightsCorruptError,
  RailContractError,
  RailFailedError,
  RailNameTakenError,
  RailTimeoutError,
  TaggerWeightsError,
} from './errors.js';
export type { RailAction } from './internal/create-pattern-rail.js';
export { createPiiRail } from './pii/create-pii-rail.js';
export type { PiiRailOptions } from './pii/create-pii-rail.js';
export { createPiiScanner } from './pii/find-pii.js';
export type { FoundPii, PiiScanner } from './pii/find-pii.js';
export { PII_CATEGORIES } from './pii/pii-finders.js';
export type { PiiCategory, PiiSelection } from './pii/pii-finders.js';
export { applyPiiOperator } from './pii/pii-operators.js';
export type { PiiOperator } from './pii/pii-operators.js';
export { presidioEntityOf } from './pii/presidio-entity.js';
export type { PiiRecogniser } from './pii/recogniser-finder.js';
export { createSecretsRail } from './secrets/create-secrets-rail.js';
export type { SecretsRailOptions } from './secrets/create-secrets-rail.js';
export { createSecretScanner } from './secrets/find-secrets.js';
export type { FoundSecret, SecretScanner } from './secrets/find-secrets.js';
export { secretRuleIds } from './secrets/secret-finders.js';
export { createTextViews } from './normalisation/create-text-views.js';
export type { TextViewOptions } from './normalisation/create-text-views.js';
export type { TextView } from './normalisation/text-view.js';
export { createReadings } from './normalisation/create-text-views.js';
export { createGuardClassifier } from './classifiers/create-guard-classifier.js';
export type {
  GuardClassifier,
  GuardClassifierOptions,
  GuardClassifierStats,
  GuardProfile,
} from './classifiers/create-guard-classifier.js';
export type { CategoryScore, ClassifiedText } from './classifiers/verdict-scores.js';
export { createModerator } from './moderation/create-moderator.js';
export type { Moderator, ModeratorOptions } from './moderation/create-moderator.js';
export { createModerationRail } from './moderation/create-moderation-rail.js';
export type { ModerationRailOptions } from './moderation/create-moderation-rail.js';
export {
  AILUMINATE_HAZARDS,
  DEFAULT_HAZARDS,
  HAZARD_CATEGORIES,
  OPENAI_CATEGORIES,
} from './moderation/hazard-categories.js';
export type { HazardCategory } from './moderation/hazard-categories.js';
export { createInjectionDetector } from './injection/create-injection-detector.js';
export type {
  InjectionDetector,
  InjectionDetectorOptions,
  TextSource,
} from './injection/create-injection-detector.js';
export { createInjectionRail } from './injection/create-injection-rail.js';
export type { InjectionRailOptions } from './injection/create-injection-rail.js';
export { createPiiTagger } from './tagger/create-pii-tagger.js';
export type { PiiTagger, TaggedSpan, TaggedText } from './tagger/create-pii-tagger.js';
export type { TaggerType } from './tagger/tagger-labels.js';
export { createCanaryRail, createCanaryToken, withCanary } from './injection/canary-token.js';
export type { CanaryRailOptions } from './injection/canary-token.js';
export { createPromptLeakRail } from './injection/create-prompt-leak-rail.js';
export type { PromptLeakRailOptions } from './injection/create-prompt-leak-rail.js';
export { spotlight } from './injection/spotlight.js';
export type { SpotlightedText, SpotlightMode, SpotlightOptions } from './injection/spotlight.js';
