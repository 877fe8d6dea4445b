import { createPluginHost, userMessage } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { aiSdk } from './ai-sdk/ai-sdk-plugin.js';
import { toAiSdk } from './ai-sdk/to-ai-sdk.js';
import { anthropic } from './anthropic/anthropic-plugin.js';
import { createExtractiveAnswerer } from './extractive/create-extractive-answerer.js';
import { extractive } from './extractive/extractive-plugin.js';
import { openAICompatible } from './openai-compatible/openai-compatible-plugin.js';
import { openAI } from './openai/openai-plugin.js';

describe('the plug-ins', () => {
  it('provide their models under the ids given', async () => {
    const host = createPluginHost();
    await host.use(extractive());
    await host.use(openAICompatible({ id: 'local', baseURL: 'http://127.0.0.1:1/v1', model: 'm' }));
    await host.use(openAI({ apiKey: 'k', modelId: 'gpt-4.1' }));
    await host.use(anthropic({ apiKey: 'k', modelId: 'claude-sonnet-5-5', id: 'claude' }));
    await host.use(aiSdk({ id: 'sdk', model: toAiSdk(createExtractiveAnswerer()) }));
    expect(host.list('languageModel')).toEqual(['extractive', 'local', 'gpt-4.1', 'claude', 'sdk']);
    expect((await host.resolve('languageModel', 'claude')).provider).toBe('anthropic');
    const model = await host.resolve('languageModel', 'sdk');
    expect((await model.doGenerate({ messages: [userMessage('Hi')] })).finishReason).toBe('stop');
  });

  it('say so when the embedding model that they need is not provided', async () => {
    const host = createPluginHost();
    await host.use(extractive({ id: 'better', embeddingModel: 'none-such' }));
    await expect(host.resolve('languageModel', 'better')).rejects.toMatchObject({
      code: 'ERR_CORE_PROVIDER_MISSING',
    });
  });
});
