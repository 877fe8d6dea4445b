import { definePlugin } from '@espalier/core';
import type { AiSdkLanguageModel } from './ai-sdk-shapes.js';
import { fromAiSdk, type FromAiSdkOptions } from './from-ai-sdk.js';

/** Provides a model made for the AI SDK as language model under `id`, by default its model id. */
export const aiSdk = definePlugin<
  FromAiSdkOptions & { readonly model: AiSdkLanguageModel; readonly id?: string }
>({
  name: '@espalier/inference/ai-sdk',
  setup(host, options) {
    host.provide('languageModel', options.id ?? options.model.modelId, () =>
      fromAiSdk(options.model, options),
    );
  },
});
