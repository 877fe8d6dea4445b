import type { ServerConfigInput } from './config-schema.js';

/** Returns the configuration as it is; gives `espalier.config.ts` its types. */
export function defineConfig(config: ServerConfigInput): ServerConfigInput {
  return config;
}
