import { definePlugin } from '@espalier/core';
import { createOpenAI, type OpenAIOptions } from './create-openai.js';

/** Provides an OpenAI model as language model under `id`, by default its model id. */
export const openAI = definePlugin<OpenAIOptions & { readonly id?: string }>({
  name: '@espalier/inference/openai',
  setup(host, options) {
    host.provide('languageModel', options.id ?? options.modelId, () => createOpenAI(options));
  },
});
