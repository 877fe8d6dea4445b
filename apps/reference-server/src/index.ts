export { createServer } from './composition/create-server.js';
export type { CreateServerOptions } from './composition/create-server.js';
export type { RunningServer } from './composition/running-server.js';
export { configSchema } from './config/config-schema.js';
export type {
  AgentConfig,
  ProviderConfig,
  ServerConfig,
  ServerConfigInput,
} from './config/config-schema.js';
export { defineConfig } from './config/define-config.js';
export { loadConfig } from './config/load-config.js';
export type { LoadedConfig } from './config/load-config.js';
export { StartError } from './errors/start-errors.js';
