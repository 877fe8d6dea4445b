export { ChatTemplateError, ChatTemplateMissingError } from '../errors.js';
export type { ChatTemplate, RenderChatOptions, RenderedChat } from './chat-template.js';
export { createChatTemplate } from './create-chat-template.js';
export { loadChatTemplate } from './load-chat-template.js';
export { parseChatJson } from './parse-chat-json.js';
