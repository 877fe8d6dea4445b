import type { EmbeddingModel, LanguageModel, PluginHost } from '@espalier/core';
import { createExtractiveAnswerer } from '@espalier/inference';
import type { ProviderConfig, ServerConfig } from '../config/config-schema.js';

/** The language models by the id under which callers name them; adapters with a vendor's client load only where used. */
export async function createModels(options: {
  config: ServerConfig;
  host: PluginHost;
  embeddingModel: EmbeddingModel;
}): Promise<ReadonlyMap<string, LanguageModel>> {
  const { config, host, embeddingModel } = options;
  const models = new Map<string, LanguageModel>();
  for (const provider of config.providers) {
    models.set(provider.id, await createProvider(provider, config.limits.upstreamAnswer));
  }
  for (const id of host.list('languageModel'))
    models.set(id, await host.resolve('languageModel', id));
  if (!models.has('extractive'))
    models.set('extractive', createExtractiveAnswerer({ embeddingModel }));
  return models;
}

async function createProvider(
  provider: ProviderConfig,
  maxResponseBytes: number,
): Promise<LanguageModel> {
  const baseURL = provider.baseURL === undefined ? {} : { baseURL: provider.baseURL };
  switch (provider.provider) {
    case 'openai-compatible': {
      const { createOpenAICompatible } = await import('@espalier/inference/openai-compatible');
      return createOpenAICompatible({
        id: provider.id,
        baseURL: provider.baseURL,
        model: provider.model,
        maxResponseBytes,
        ...(provider.apiKey !== undefined && { apiKey: provider.apiKey }),
      });
    }
    case 'openai': {
      const { createOpenAI } = await import('@espalier/inference/openai');
      return createOpenAI({
        apiKey: provider.apiKey,
        modelId: provider.model,
        maxResponseBytes,
        ...baseURL,
      });
    }
    case 'anthropic': {
      const { createAnthropic } = await import('@espalier/inference/anthropic');
      return createAnthropic({
        apiKey: provider.apiKey,
        modelId: provider.model,
        maxResponseBytes,
        ...baseURL,
      });
    }
  }
}
