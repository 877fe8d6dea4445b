import {
  HostDisposedError,
  PluginError,
  ProviderCycleError,
  ProviderDuplicateError,
  ProviderMissingError,
} from '../errors/core-errors.js';
import { createSilentLogger, type Logger } from '../seams/logger.js';
import type { Dispose, Plugin } from './plugin.js';
import type { ProviderKind, ProviderKinds } from './provider-kinds.js';

/** What a factory may use while it makes its provider. */
export interface ProviderContext {
  /** Resolves another provider; a circle is an error that names it. */
  resolve<Kind extends ProviderKind>(kind: Kind, id: string): Promise<ProviderKinds[Kind]>;
  readonly logger: Logger;
}

/** Makes a provider when it is first asked for. */
export type ProviderFactory<Kind extends ProviderKind> = (
  context: ProviderContext,
) => ProviderKinds[Kind] | Promise<ProviderKinds[Kind]>;

/** The side of the host that a plug-in's setup sees. */
export interface PluginSetupHost {
  readonly logger: Logger;
  /**
   * Registers a provider under a kind and an id.
   *
   * `dispose` runs when the host is disposed, if the provider was made by then.
   *
   * @throws {ProviderDuplicateError} `ERR_CORE_PROVIDER_DUPLICATE`: the kind has that id already.
   */
  provide<Kind extends ProviderKind>(
    kind: Kind,
    id: string,
    factory: ProviderFactory<Kind>,
    options?: { dispose?: (provider: ProviderKinds[Kind]) => void | Promise<void> },
  ): void;
}

/** Holds the providers of an application and their lifetimes. */
export interface PluginHost extends PluginSetupHost {
  /** Runs the plug-in's setup. What a failing setup had registered is taken back. */
  use(plugin: Plugin): Promise<void>;
  /**
   * Resolves to the one instance of a provider, making it on the first call.
   *
   * A factory that failed is run again on the next call.
   *
   * @throws {ProviderMissingError} `ERR_CORE_PROVIDER_MISSING`
   * @throws {ProviderCycleError} `ERR_CORE_PROVIDER_CYCLE`
   */
  resolve<Kind extends ProviderKind>(kind: Kind, id: string): Promise<ProviderKinds[Kind]>;
  has(kind: ProviderKind, id: string): boolean;
  /** The ids of a kind, in order of registration. */
  list(kind: ProviderKind): readonly string[];
  /** Disposes providers and plug-ins, last made first; all of them even if some fail. Safe to call twice. */
  dispose(): Promise<void>;
}

interface Entry {
  readonly kind: ProviderKind;
  readonly id: string;
  readonly owner: string;
  readonly factory: (context: ProviderContext) => unknown;
  readonly dispose: ((provider: unknown) => void | Promise<void>) | undefined;
  instance: Promise<unknown> | undefined;
}

const keyOf = (kind: string, id: string): string => `${kind} ${id}`;

/** Creates an empty host. */
export function createPluginHost(options: { logger?: Logger } = {}): PluginHost {
  const logger = options.logger ?? createSilentLogger();
  const entries = new Map<string, Entry>();
  const plugins = new Set<string>();
  const disposers: Dispose[] = [];
  let disposal: Promise<void> | undefined;

  const assertOpen = (): void => {
    if (disposal !== undefined) throw new HostDisposedError();
  };

  const provideAs =
    (owner: string): PluginSetupHost['provide'] =>
    (kind, id, factory, extra) => {
      assertOpen();
      const key = keyOf(kind, id);
      const existing = entries.get(key);
      if (existing !== undefined) {
        throw new ProviderDuplicateError({ kind, id, first: existing.owner, second: owner });
      }
      entries.set(key, {
        kind,
        id,
        owner,
        factory,
        dispose: extra?.dispose as Entry['dispose'],
        instance: undefined,
      });
    };

  const resolveIn = async (
    kind: ProviderKind,
    id: string,
    chain: readonly string[],
  ): Promise<unknown> => {
    assertOpen();
    const key = keyOf(kind, id);
    const entry = entries.get(key);
    if (entry === undefined) throw new ProviderMissingError({ kind, id, known: list(kind) });
    if (chain.includes(key)) throw new ProviderCycleError({ chain: [...chain, key] });
    entry.instance ??= make(entry, [...chain, key]);
    return entry.instance;
  };

  const make = async (entry: Entry, chain: readonly string[]): Promise<unknown> => {
    try {
      const context: ProviderContext = {
        logger,
        resolve: async (kind, id) => (await resolveIn(kind, id, chain)) as never,
      };
      const provider = await entry.factory(context);
      const { dispose } = entry;
      if (dispose !== undefined) disposers.push(() => dispose(provider));
      return provider;
    } catch (error) {
      entry.instance = undefined;
      throw error;
    }
  };

  const list = (kind: ProviderKind): readonly string[] =>
    [...entries.values()].filter((entry) => entry.kind === kind).map((entry) => entry.id);

  const takeBack = (owner: string): void => {
    for (const [key, entry] of entries) if (entry.owner === owner) entries.delete(key);
    plugins.delete(owner);
  };

  const disposeAll = async (): Promise<void> => {
    await Promise.allSettled([...entries.values()].map((entry) => entry.instance));
    const failures: unknown[] = [];
    for (const dispose of disposers.reverse()) {
      try {
        await dispose();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0)
      throw new AggregateError(failures, `${failures.length} providers failed to dispose.`);
  };

  return {
    logger,
    provide: provideAs('the host application'),
    async use(plugin) {
      assertOpen();
      if (plugins.has(plugin.name)) {
        throw new PluginError({
          plugin: plugin.name,
          problem: 'it is registered twice. Use it once.',
        });
      }
      plugins.add(plugin.name);
      try {
        const dispose = await plugin.setup({ logger, provide: provideAs(plugin.name) });
        if (dispose !== undefined) disposers.push(dispose);
      } catch (error) {
        takeBack(plugin.name);
        if (ProviderDuplicateError.isInstance(error)) throw error;
        throw new PluginError({
          plugin: plugin.name,
          problem: `its setup failed: ${error instanceof Error ? error.message : String(error)}`,
          cause: error,
        });
      }
    },
    resolve: async (kind, id) => (await resolveIn(kind, id, [])) as never,
    has: (kind, id) => entries.has(keyOf(kind, id)),
    list,
    dispose: () => (disposal ??= disposeAll()),
  };
}
