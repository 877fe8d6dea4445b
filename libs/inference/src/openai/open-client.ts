import type { OpenAI } from 'openai';
import { loadPeer } from '../internal/load-peer.js';

/** What is needed to reach OpenAI. */
export interface OpenAIAccess {
  readonly apiKey: string;
  /** Default `https://api.openai.com/v1`. */
  readonly baseURL?: string;
  readonly organization?: string;
  readonly project?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The base URL where none is given. */
export const OPENAI_BASE_URL = 'https://api.openai.com/v1';

/**
 * Returns a function that makes the official client once and gives it with another `fetch`.
 *
 * Everything that the client would otherwise read from the environment is set.
 */
export function createOpenAIClientSource(
  access: OpenAIAccess,
): (fetchFunction: typeof globalThis.fetch) => Promise<OpenAI> {
  let loading: Promise<OpenAI> | undefined;
  const load = async (): Promise<OpenAI> => {
    const { OpenAI } = await loadPeer(() => import('openai'), {
      packageName: 'openai',
      usedBy: 'createOpenAI',
    });
    return new OpenAI({
      apiKey: access.apiKey,
      baseURL: access.baseURL ?? OPENAI_BASE_URL,
      organization: access.organization ?? null,
      project: access.project ?? null,
      adminAPIKey: null,
      webhookSecret: null,
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
