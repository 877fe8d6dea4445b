import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TensorBackend } from '@espalier/core';
import { loadTokenizer } from '@espalier/encoders';
import { ChatTemplateMissingError } from '@espalier/encoders/chat-template';
import { ModelConfigError } from '../../errors.js';
import { writeAdapter } from '../../lora/adapter-weights.js';
import { checkAdapterModules } from '../../lora/check-adapter-modules.js';
import { adapterShapes, initialiseAdapter } from '../../lora/initial-adapter.js';
import { loadModel, type LoadedModel } from '../../models/load-model.js';
import type { ModelConfig } from '../../models/model-config.js';
import { parameterShapes } from '../../models/parameter-shapes.js';
import { parseModelConfig } from '../../models/parse-model-config.js';
import { randomWeights } from '../../models/random-weights.js';
import { copyTokenizer, saveModel } from '../../models/save-model.js';
import { characterTokenizer, readCharacters } from '../character-data.js';
import { isEncoderTask } from '../encoder-task.js';
import type { TrainingJob } from '../job-schema.js';
import type { RowTokenizer } from '../row-tokenizer.js';
import { tokenizerFolderOf } from './tokenizer-folder-of-job.js';
import { adapterOf, loadingOf } from './adapter-of-job.js';
import { encoderAdapter, prepareEncoder, type EncoderSettings } from './prepare-encoder.js';
import { openRowTokenizer } from './open-row-tokenizer.js';
import { encoderConfigText, readPooler, saveEncoderFiles } from './save-encoder.js';

/** PEFT's names of what an adapter is for. */
const ADAPTER_TASKS = {
  embedding: 'FEATURE_EXTRACTION',
  'cross-encoder': 'SEQ_CLS',
  classification: 'SEQ_CLS',
} as const;

/** A model that is ready to be trained. */
export interface PreparedModel {
  readonly model: LoadedModel;
  readonly config: ModelConfig;
  /** For tasks that train an encoder. */
  readonly encoder: EncoderSettings | undefined;
  readonly trainable: ReadonlyMap<string, readonly number[]>;
  /** The text as characters, where the job's tokenizer is that. */
  readonly characters: { ids: Int32Array; characters: readonly string[] } | undefined;
  /** Their tokenizer. */
  readonly characterTokenizer: (() => Promise<RowTokenizer>) | undefined;
}

/** Loads the job's model, or begins one; adds its adapter. */
export async function prepareModel(options: {
  readonly job: TrainingJob;
  readonly backend: TensorBackend;
  readonly abortSignal?: AbortSignal;
}): Promise<PreparedModel> {
  const { job, backend } = options;
  const { task } = job;
  const prepared =
    isEncoderTask(task) && typeof job.model === 'string'
      ? await prepareEncoder({ ...options, task, folder: job.model })
      : undefined;
  const encoder = prepared?.encoder;
  const characters =
    job.tokenizer === 'characters' ? await readCharacters(job.train_data) : undefined;
  const asked = adapterOf(job);
  const begun =
    prepared?.model ??
    (typeof job.model === 'string'
      ? await loadModel({
          folder: job.model,
          backend,
          ...loadingOf(job),
          ...(job.lora !== undefined && 'init_from' in job.lora
            ? { adapterFolder: job.lora.init_from }
            : {}),
          ...(options.abortSignal && { abortSignal: options.abortSignal }),
        })
      : await beginModel(
          job.model,
          job,
          backend,
          characters === undefined
            ? await tokenizerFields(job)
            : { vocab_size: characters.characters.length },
        ));
  const { config } = begun;
  if (config.family === 'bert' && encoder === undefined)
    throw new ModelConfigError({
      file: begun.folder,
      field: 'model_type',
      found: config.family,
      expected: 'a decoder (llama, mistral, qwen2, qwen3, gpt2) for this task',
    });
  const fresh = asked === undefined || encoder === undefined ? asked : encoderAdapter(asked, begun);
  const adapter = begun.adapter ?? fresh;
  if (asked !== undefined) checkAdapterModules(asked, config);
  if (fresh !== undefined)
    await initialiseAdapter({ model: begun, adapter: fresh, seed: job.seed });
  return {
    model: { ...begun, adapter },
    config,
    encoder,
    trainable: adapter === undefined ? begun.shapes : adapterShapes(config, adapter),
    characters,
    characterTokenizer: characters && (async () => characterRows(characters.characters)),
  };
}

/** What the configuration of a new model takes from its tokenizer. */
async function tokenizerFields(job: TrainingJob): Promise<Readonly<Record<string, unknown>>> {
  const folder = tokenizerFolderOf(job);
  if (folder === undefined) return {};
  const { vocabularySize } = await loadTokenizer({ folder });
  const { endId } = await openRowTokenizer(folder, job.train_data);
  return { vocab_size: vocabularySize, ...(endId !== undefined && { eos_token_id: endId }) };
}

/** One id for each character; others than those of the text are passed over. */
function characterRows(characters: readonly string[]): RowTokenizer {
  return {
    encode: (text) =>
      Array.from(text, (character) => characters.indexOf(character)).filter((id) => id >= 0),
    decode: (ids) => ids.map((id) => characters[id] ?? '').join(''),
    endId: undefined,
    chatTemplate() {
      throw new ChatTemplateMissingError({ folder: 'the characters of the text' });
    },
  };
}

async function beginModel(
  fields: Readonly<Record<string, unknown>>,
  job: TrainingJob,
  backend: TensorBackend,
  defaults: Readonly<Record<string, unknown>>,
): Promise<LoadedModel> {
  if (job.lora?.quantize !== undefined)
    throw new ModelConfigError({
      file: 'the job',
      field: 'lora.quantize',
      found: job.lora.quantize,
      expected: 'left out for a model that begins from random weights',
    });
  const full = { ...defaults, ...fields };
  const config = parseModelConfig(full, 'the job’s model');
  const state = await backend.createState(randomWeights(config, job.seed));
  return {
    folder: job.output_dir,
    config,
    configText: `${JSON.stringify(full, null, 2)}\n`,
    backend,
    state,
    adapter: undefined,
    shapes: parameterShapes(config),
    missing: [],
    storage: new Map(),
    dispose: () => state.dispose(),
  };
}

/** Writes the trained model or adapter with its tokenizer. */
export async function saveResult(options: {
  readonly job: TrainingJob;
  readonly prepared: PreparedModel;
}): Promise<void> {
  const { job, prepared } = options;
  const { model, config, trainable, characters } = prepared;
  const folder = job.output_dir;
  const { encoder } = prepared;
  if (model.adapter === undefined && encoder !== undefined)
    await saveModel({
      ...model,
      folder,
      configText: encoderConfigText(model.configText, encoder, job),
      ...(encoder.task === 'embedding' && { further: await readPooler(model) }),
    });
  else if (model.adapter === undefined) await saveModel({ ...model, folder });
  else
    await writeAdapter({
      folder,
      config: model.adapter,
      base: model.folder,
      isConv1d: config.family === 'gpt2',
      taskType: encoder === undefined ? 'CAUSAL_LM' : ADAPTER_TASKS[encoder.task],
      tensors: await Promise.all(
        Array.from(trainable, async ([name, shape]) => {
          const { data } = await model.state.read(name);
          return [name, { shape, values: data as Float32Array }] as const;
        }),
      ),
    });
  await mkdir(folder, { recursive: true });
  if (characters !== undefined)
    await writeFile(
      join(folder, 'tokenizer.json'),
      JSON.stringify(characterTokenizer(characters.characters)),
    );
  else {
    const from = tokenizerFolderOf(job);
    if (from !== undefined) await copyTokenizer(from, folder);
  }
  if (encoder !== undefined) await saveEncoderFiles({ job, model, encoder });
}
