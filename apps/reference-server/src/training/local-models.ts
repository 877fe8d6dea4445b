import { resolve } from 'node:path';
import type { LanguageModel, TensorBackend } from '@espalier/core';
import type { LocalLanguageModel } from '@espalier/training';
import { referenceOf, type ModelRegistry, type RegistryEntry } from '@espalier/mlops';

/** Models of this machine by the ids under which callers name them; loaded when first asked. */
export interface LocalModels {
  find(id: string): LanguageModel | undefined;
  /** Configured models, names with a version in production, aliases, and ids of trained models. */
  list(): readonly { readonly id: string; readonly createdAtMs: number }[];
  close(): Promise<void>;
}

interface Loaded {
  readonly model: Promise<LocalLanguageModel>;
  uses: number;
}

interface Place {
  /** Equal keys are equal weights. */
  readonly key: string;
  readonly folder: string;
  readonly adapterFolder?: string;
}

/** Creates the models over the configuration and the registry; which version a name means is asked for each call. */
export function createLocalModels(options: {
  models: Readonly<Record<string, string>>;
  registry: ModelRegistry;
  backend: 'onnx' | 'js' | undefined;
  loadedModels: number;
  startedAtMs: number;
}): LocalModels {
  const { models, registry } = options;
  const loaded = new Map<string, Loaded>();
  let backend: Promise<TensorBackend> | undefined;

  const placeOf = (id: string): Place | undefined => {
    const folder = Object.hasOwn(models, id) ? models[id] : undefined;
    if (folder !== undefined) return { key: `folder ${folder}`, folder: resolve(folder) };
    const entry = registry.find(id);
    return entry && registeredPlace(entry);
  };
  const registeredPlace = (entry: RegistryEntry): Place => {
    const folder = registry.folderOf(entry);
    const key = `${referenceOf(entry)} ${entry.digest}`;
    if (entry.base === undefined) return { key, folder };
    return {
      key,
      folder: registry.folderOf(registry.get(entry.base)),
      adapterFolder: folder,
    };
  };
  const load = async (
    id: string,
    { folder, adapterFolder }: Place,
  ): Promise<LocalLanguageModel> => {
    const { openLanguageModel } = await import('@espalier/training');
    backend ??= openBackend(options.backend);
    return openLanguageModel({
      modelId: id,
      folder,
      ...(adapterFolder !== undefined && { adapterFolder }),
      backend: await backend,
    });
  };
  /** Frees what was not used for longest. */
  const makeRoom = async (): Promise<void> => {
    for (const [key, { uses, model }] of loaded) {
      if (loaded.size <= options.loadedModels) return;
      if (uses > 0) continue;
      loaded.delete(key);
      await (await model).dispose();
    }
  };
  const acquire = async (
    id: string,
    place: Place,
  ): Promise<{ model: LocalLanguageModel; release: () => Promise<void> }> => {
    const entry = loaded.get(place.key) ?? { model: load(id, place), uses: 0 };
    loaded.delete(place.key);
    loaded.set(place.key, entry);
    entry.uses++;
    const release = async (): Promise<void> => {
      entry.uses--;
      await makeRoom();
    };
    try {
      return { model: await entry.model, release };
    } catch (error) {
      if (loaded.get(place.key) === entry) loaded.delete(place.key);
      throw error;
    }
  };

  return {
    find(id) {
      const place = placeOf(id);
      return place && lazyModel(id, () => acquire(id, place));
    },
    list() {
      const registered = registry.list();
      const entry = (id: string, at: RegistryEntry) => ({
        id,
        createdAtMs: Date.parse(at.createdAt),
      });
      return [
        ...Object.keys(models).map((id) => ({ id, createdAtMs: options.startedAtMs })),
        ...registered
          .filter(({ stage, name }) => stage === 'production' && !Object.hasOwn(models, name))
          .map((at) => entry(at.name, at)),
        ...[...new Set(registered.map(({ name }) => name))].flatMap((name) =>
          Object.keys(registry.aliases(name)).map((alias) =>
            entry(`${name}@${alias}`, registry.get(`${name}@${alias}`)),
          ),
        ),
        ...registered.flatMap((at) => (at.id === undefined ? [] : [entry(at.id, at)])),
      ];
    },
    async close() {
      for (const { model } of loaded.values())
        await model.then(
          (opened) => opened.dispose(),
          () => undefined,
        );
      loaded.clear();
      await (await backend)?.dispose();
    },
  };
}

function lazyModel(
  id: string,
  acquire: () => Promise<{ model: LocalLanguageModel; release: () => Promise<void> }>,
): LanguageModel {
  return {
    specificationVersion: 'v1',
    provider: 'espalier',
    modelId: id,
    limits: {
      supportsTools: true,
      supportsImages: false,
      supportsFiles: false,
      supportsJsonSchema: false,
      supportsLogProbabilities: true,
    },
    async doGenerate(call) {
      const { model, release } = await acquire();
      try {
        return await model.doGenerate(call);
      } finally {
        await release();
      }
    },
    async doStream(call) {
      const { model, release } = await acquire();
      try {
        const { stream, exchange } = await model.doStream(call);
        return { exchange, stream: released(stream, release) };
      } catch (error) {
        await release();
        throw error;
      }
    },
    async countTokens(call) {
      const { model, release } = await acquire();
      try {
        return (await model.countTokens?.(call)) ?? 0;
      } finally {
        await release();
      }
    },
  };
}

async function* released<Part>(
  parts: AsyncIterable<Part>,
  release: () => Promise<void>,
): AsyncGenerator<Part, void> {
  try {
    yield* parts;
  } finally {
    await release();
  }
}

async function openBackend(name: 'onnx' | 'js' | undefined): Promise<TensorBackend> {
  const { BackendMissingError, createJsBackend } = await import('@espalier/training');
  if (name === 'js') return createJsBackend();
  const { createOnnxBackend } = await import('@espalier/training/onnx');
  try {
    return await createOnnxBackend();
  } catch (error) {
    if (name === undefined && BackendMissingError.isInstance(error)) return createJsBackend();
    throw error;
  }
}
