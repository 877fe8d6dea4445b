import { definePlugin } from '@espalier/core';
import { createAnthropic, type AnthropicOptions } from './create-anthropic.js';

/** Provides an Anthropic model as language model under `id`, by default its model id. */
export const anthropic = definePlugin<AnthropicOptions & { readonly id?: string }>({
  name: '@espalier/inference/anthropic',
  setup(host, options) {
    host.provide('languageModel', options.id ?? options.modelId, () => createAnthropic(options));
  },
});
