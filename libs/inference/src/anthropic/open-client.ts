import type { Anthropic } from '@anthropic-ai/sdk';
import { loadPeer } from '../internal/load-peer.js';

/** What is needed to reach Anthropic. */
export interface AnthropicAccess {
  readonly apiKey: string;
  /** Default `https://api.anthropic.com`. */
  readonly baseURL?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The base URL where none is given. */
export const ANTHROPIC_BASE_URL = 'https://api.anthropic.com';

/** Returns a function that makes the official client once and gives it with another `fetch`. */
export function createAnthropicClientSource(
  access: AnthropicAccess,
): (fetchFunction: typeof globalThis.fetch) => Promise<Anthropic> {
  let loading: Promise<Anthropic> | undefined;
  const load = async (): Promise<Anthropic> => {
    const { Anthropic } = await loadPeer(() => import('@anthropic-ai/sdk'), {
      packageName: '@anthropic-ai/sdk',
      usedBy: 'createAnthropic',
    });
    return new Anthropic({
      apiKey: access.apiKey,
      baseURL: access.baseURL ?? ANTHROPIC_BASE_URL,
      webhookKey: null,
      maxRetries: 0,
      logLevel: 'off',
      defaultHeaders: { ...access.headers },
    });
  };
  return async (fetchFunction) => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return (await loading).withOptions({ fetch: fetchFunction });
  };
}
