import { loadConfig } from '../../config/load-config.js';
import { EXIT } from '../../errors/exit-codes.js';
import { loadRankings } from '../../knowledge/load-rankings.js';
import type { CliContext } from '../cli-context.js';

/** Checks a configuration and says what it would start; it starts nothing. */
export async function checkConfig(
  options: { config?: string; json?: boolean },
  context: CliContext,
): Promise<number> {
  const { config, file } = await loadConfig({ file: options.config, directory: context.directory });
  await loadRankings(config);
  const facts = {
    file: file ?? null,
    valid: true,
    address: `${config.server.host}:${config.server.port}`,
    providers: config.providers.map(({ id, provider, model }) => ({ id, provider, model })),
    agents: config.agents.map(({ name }) => name),
    plugins: config.plugins.map(({ name }) => name),
  };
  if (options.json === true) {
    context.out(`${JSON.stringify(facts)}\n`);
    return EXIT.ok;
  }
  const list = (names: readonly string[]): string =>
    names.length === 0 ? 'none' : names.join(', ');
  context.out(
    `${file ?? 'No configuration file; the defaults'} ${file === undefined ? 'hold' : 'is valid'}.\n` +
      `  address    ${facts.address}\n` +
      `  providers  ${list(facts.providers.map(({ id, provider, model }) => `${id} (${provider}, ${model})`))}\n` +
      `  agents     ${list(facts.agents)}\n` +
      `  plug-ins   ${list(facts.plugins)}\n`,
  );
  return EXIT.ok;
}
