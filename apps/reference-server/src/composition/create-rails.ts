import type { Clock, Guardrails, Logger, PluginHost, Rail } from '@espalier/core';
import { createGuardrails, createPiiRail, createSecretsRail } from '@espalier/guardrails';
import type { ServerConfig } from '../config/config-schema.js';

/** The rails that the configuration asks for: by default secrets and personal data are redacted on the way in and out. */
export async function createRails(options: {
  config: ServerConfig;
  host: PluginHost;
  clock: Clock;
  logger: Logger;
}): Promise<Guardrails> {
  const { secrets, pii, rails: ids } = options.config.guardrails;
  const rails: Rail[] = [];
  if (secrets)
    rails.push(createSecretsRail({ points: ['input', 'output', 'tool-call', 'tool-result'] }));
  if (pii !== false) {
    rails.push(
      createPiiRail({
        points: ['input', 'output'],
        ...(pii !== true && { categories: pii.categories }),
      }),
    );
  }
  for (const id of ids) rails.push(await options.host.resolve('rail', id));
  return createGuardrails({ rails, clock: options.clock, logger: options.logger });
}
