import type * as z from 'zod';
import { parseConfig } from '../config/parse-config.js';
import type { PluginSetupHost } from './plugin-host.js';

/** What `definePlugin` takes. */
export interface PluginDefinition<Options, Input = Options> {
  /** The import path under which it is found, `@espalier/rag/lancedb`. */
  readonly name: string;
  /** Checks the options before setup; leave out for a plug-in without options. */
  readonly optionsSchema?: z.ZodType<Options, Input>;
  /** Registers what the plug-in provides. The function returned, if any, runs when the host is disposed. */
  setup(host: PluginSetupHost, options: Options): void | Dispose | Promise<void | Dispose>;
}

/** Undoes a setup. */
export type Dispose = () => void | Promise<void>;

/** A plug-in with its options bound, ready for a host. */
export interface Plugin {
  readonly specificationVersion: 'v1';
  readonly name: string;
  setup(host: PluginSetupHost): Promise<Dispose | undefined>;
}

/** Makes the options argument optional where the plug-in needs none. */
type OptionsArgument<Input> = undefined extends Input
  ? [options?: Input]
  : Record<never, never> extends Input
    ? [options?: Input]
    : [options: Input];

/**
 * Returns a function that binds options to a plug-in: `host.use(lancedb({ folder }))`.
 *
 * @throws {ConfigError} `ERR_CORE_CONFIG_INVALID`: the options do not fit the plug-in's schema (at binding).
 */
export function definePlugin<Options = undefined, Input = Options>(
  definition: PluginDefinition<Options, Input>,
): (...args: OptionsArgument<Input>) => Plugin {
  return (...args) => {
    const given = args[0];
    const options =
      definition.optionsSchema === undefined
        ? (given as Options)
        : parseConfig(definition.optionsSchema, given ?? {}, {
            source: `the options of ${definition.name}`,
          });
    return {
      specificationVersion: 'v1',
      name: definition.name,
      setup: async (host) => (await definition.setup(host, options)) ?? undefined,
    };
  };
}
