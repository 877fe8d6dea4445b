export { createGuardrails } from './create-guardrails.js';
export type { GuardrailsOptions } from './create-guardrails.js';
export {
  GuardEncoderMissingError,
  GuardStreamEndedError,
  GuardWeightsCorruptError,
  PatternGrowthError,
  PolicyContradictionError,
  PolicyExtendsError,
  PolicyInvalidError,
  PolicyVersionError,
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
export type { RailSettings } from './internal/rail-runner.js';
export { createGroundednessRail } from './groundedness/create-groundedness-rail.js';
export type { GroundednessRailOptions } from './groundedness/create-groundedness-rail.js';
export { judgeGroundedness } from './groundedness/judge-groundedness.js';
export { scoreGroundedness } from './groundedness/score-groundedness.js';
export type { Groundedness, ScoredClaim } from './groundedness/score-groundedness.js';
export {
  compilePolicy,
  createRailResources,
  definePolicy,
  policyLibrary,
  runPolicyTests,
} from './policy/index.js';
export type {
  CompiledPolicy,
  CompilePolicyOptions,
  EscalationRecord,
  LibraryPolicyName,
  Policy,
  PolicyInput,
  PolicyTest,
  PolicyTestResult,
  RailKind,
  RailKindContext,
  RailResources,
} from './policy/index.js';
export { createToolFlow } from './tool-flow/create-tool-flow.js';
export type { ToolCallJudge } from './tool-flow/create-tool-flow.js';
export type { ToolFlowRulesInput } from './tool-flow/tool-flow-schema.js';
export { createCitationRail } from './validation/citation-rail.js';
export type { CitationRailOptions } from './validation/citation-rail.js';
export type { OnFailure, ValidationRailOptions } from './validation/create-validation-rail.js';
export { createEscalationRail } from './validation/escalation-rail.js';
export type { EscalationRailOptions } from './validation/escalation-rail.js';
export { createExfiltrationRail } from './validation/exfiltration-rail.js';
export type { ExfiltrationKind, ExfiltrationRailOptions } from './validation/exfiltration-rail.js';
export { createIdentityRail } from './validation/identity-rail.js';
export { createKeywordRail } from './validation/keyword-rail.js';
export type { KeywordRailOptions } from './validation/keyword-rail.js';
export { createLanguageRail } from './validation/language-rail.js';
export type { LanguageRailOptions } from './validation/language-rail.js';
export { createLengthRail } from './validation/length-rail.js';
export type { LengthRailOptions } from './validation/length-rail.js';
export { createRegexRail } from './validation/regex-rail.js';
export type { RegexRailOptions } from './validation/regex-rail.js';
export { createSchemaRail } from './validation/schema-rail.js';
export type { SchemaRailOptions } from './validation/schema-rail.js';
export { createTopicRail } from './validation/topic-rail.js';
export type { Topic, TopicRailOptions } from './validation/topic-rail.js';
export { createUrlRail } from './validation/url-rail.js';
export type { UrlRailOptions } from './validation/url-rail.js';
