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
  /** Which providers each provider that is being made has asked for. */
  const waits = new Map<string, readonly string[]>();
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

  /** Resolves for the host's user, or for the factory of another provider, which then waits for this one. */
  const resolveFor = async (
    waiter: string | undefined,
    kind: ProviderKind,
    id: string,
  ): Promise<unknown> => {
    assertOpen();
    const key = keyOf(kind, id);
    const entry = entries.get(key);
    if (entry === undefined) throw new ProviderMissingError({ kind, id, known: list(kind) });
    const waitedFor = waiter === undefined ? undefined : waits.get(waiter);
    // Once it is made, a provider may resolve others lazily; nobody waits for it then.
    if (waiter === undefined || waitedFor === undefined) return instanceOf(entry);
    const path = pathBetween(waits, key, waiter);
    if (path !== undefined) throw new ProviderCycleError({ chain: [...path, key] });
    waits.set(waiter, [...waitedFor, key]);
    return instanceOf(entry);
  };

  const instanceOf = (entry: Entry): Promise<unknown> => {
    if (entry.instance !== undefined) return entry.instance;
    const made = make(entry);
    entry.instance = made;
    made.catch(() => {
      entry.instance = undefined;
    });
    return made;
  };

  const make = async (entry: Entry): Promise<unknown> => {
    const key = keyOf(entry.kind, entry.id);
    waits.set(key, []);
    try {
      const context: ProviderContext = {
        logger,
        resolve: async (kind, id) => (await resolveFor(key, kind, id)) as never,
      };
      const provider = await entry.factory(context);
      const { dispose } = entry;
      if (dispose !== undefined) disposers.push(() => dispose(provider));
      return provider;
    } finally {
      waits.delete(key);
    }
  };

  const list = (kind: ProviderKind): readonly string[] =>
    [...entries.values()].filter((entry) => entry.kind === kind).map((entry) => entry.id);

  const takeBack = (owner: string): void => {
    for (const [key, entry] of entries) if (entry.owner === owner) entries.delete(key);
    plugins.delete(owner);
  };

  const disposeAll = async (): Promise<void> => {
    await Promise.allSettled([...entries.values()].flatMap((entry) => entry.instance ?? []));
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
    resolve: async (kind, id) => (await resolveFor(undefined, kind, id)) as never,
    has: (kind, id) => entries.has(keyOf(kind, id)),
    list,
    dispose: () => (disposal ??= disposeAll()),
  };
}

/** The keys from `start` to `end` along what waits for what, both included; `undefined` where none leads there. */
function pathBetween(
  waits: ReadonlyMap<string, readonly string[]>,
  start: string,
  end: string,
  seen = new Set<string>(),
): readonly string[] | undefined {
  if (start === end) return [end];
  if (seen.has(start)) return undefined;
  seen.add(start);
  for (const next of waits.get(start) ?? []) {
    const rest = pathBetween(waits, next, end, seen);
    if (rest !== undefined) return [start, ...rest];
  }
  return undefined;
}
