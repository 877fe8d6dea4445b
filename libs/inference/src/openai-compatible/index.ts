export type { ChatDialect } from '../chat-completions/chat-request.js';
export { createOpenAICompatible } from './create-openai-compatible.js';
export type { OpenAICompatibleOptions } from './create-openai-compatible.js';
export { createOpenAICompatibleEmbedding } from './create-openai-compatible-embedding.js';
export type { OpenAICompatibleEmbeddingOptions } from './create-openai-compatible-embedding.js';
export { openAICompatible } from './openai-compatible-plugin.js';
