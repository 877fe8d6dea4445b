export { createOpenAIEmbedding } from './create-openai-embedding.js';
export type { OpenAIEmbeddingOptions } from './create-openai-embedding.js';
export { createOpenAI } from './create-openai.js';
export type { OpenAIOptions } from './create-openai.js';
export type { OpenAIAccess } from './open-client.js';
export { openAI } from './openai-plugin.js';
