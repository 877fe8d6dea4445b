export type { AiSdkEmbeddingModel, AiSdkLanguageModel } from './ai-sdk-shapes.js';
export { fromAiSdkEmbedding } from './from-ai-sdk-embedding.js';
export type { FromAiSdkEmbeddingOptions } from './from-ai-sdk-embedding.js';
export { fromAiSdk } from './from-ai-sdk.js';
export type { FromAiSdkOptions } from './from-ai-sdk.js';
export { toAiSdk } from './to-ai-sdk.js';
export type { AiSdkLanguageModelV4 } from './to-ai-sdk.js';
export { aiSdk } from './ai-sdk-plugin.js';
