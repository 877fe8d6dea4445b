export { createAnthropic } from './create-anthropic.js';
export type { AnthropicOptions } from './create-anthropic.js';
export type { AnthropicAccess } from './open-client.js';
export { anthropic } from './anthropic-plugin.js';
