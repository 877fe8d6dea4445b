export type { AgentLimits, AgentOptions, AgentRetrieval } from './agent-options.js';
export { CITING_INSTRUCTIONS } from './citing-instructions.js';
export { resolveCitations } from './citations/resolve-citations.js';
export type { ResolvedCitations } from './citations/resolve-citations.js';
export { createAgent } from './create-agent.js';
export {
  ModelStreamIncompleteError,
  RunAgentMismatchError,
  RunDecisionsError,
  RunFailedError,
  RunStateInvalidError,
  RunStateVersionError,
} from './errors.js';
export { costOf } from './token-prices.js';
export type { PriceList, TokenPrices } from './token-prices.js';
