import { definePlugin } from '@espalier/core';
import {
  createOpenAICompatible,
  type OpenAICompatibleOptions,
} from './create-openai-compatible.js';

/** Provides a model at an OpenAI-compatible URL as language model under its `id`. */
export const openAICompatible = definePlugin<OpenAICompatibleOptions>({
  name: '@espalier/inference/openai-compatible',
  setup(host, options) {
    host.provide('languageModel', options.id, () => createOpenAICompatible(options));
  },
});
