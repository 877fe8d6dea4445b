import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelFileError } from '../errors.js';
import { createProtobufWriter, type ProtobufWriter } from '../onnx/internal/protobuf-writer.js';
import type { TrainingEvent } from '../train/train.js';
import { maskedCrc32c } from './crc32c.js';

/** TensorFlow's number of the type of strings. */
const STRING_TYPE = 7;

/** Writes what a run tells to an event file. */
export interface TensorBoardLog {
  /** Writes the numbers and texts of one event; events without any are passed over. */
  write(event: TrainingEvent): Promise<void>;
  /** Writes further numbers, e.g. tokens a second. */
  scalars(step: number, values: Readonly<Record<string, number>>): Promise<void>;
  close(): Promise<void>;
}

/**
 * Creates an event file that TensorBoard shows; a resumed run adds another file to the same folder.
 *
 * Tags: `train/loss`, `train/learning_rate`, `train/grad_norm`, `train/reward_…`, `eval/loss`, `eval/perplexity`, and the
 * samples as text.
 *
 * @throws {ModelFileError} `ERR_TRAINING_MODEL_FILE`: the folder cannot be written to.
 * @see https://github.com/tensorflow/tensorboard/blob/master/tensorboard/compat/proto/event.proto
 */
export async function createTensorBoardLog(options: {
  readonly folder: string;
  readonly now?: () => Date;
}): Promise<TensorBoardLog> {
  const { folder } = options;
  const seconds = (): number => (options.now?.() ?? new Date()).getTime() / 1000;
  const file = join(folder, `events.out.tfevents.${Math.floor(seconds())}.${process.pid}.espalier`);
  const handle = await mkdir(folder, { recursive: true })
    .then(() => open(file, 'a'))
    .catch((cause: unknown) => {
      throw new ModelFileError({ file, problem: 'it cannot be written', cause });
    });
  const append = async (event: ProtobufWriter): Promise<void> => {
    await handle.write(record(event.finish()));
  };
  const summary = async (step: number, values: readonly ProtobufWriter[]): Promise<void> => {
    if (values.length === 0) return;
    const all = createProtobufWriter();
    for (const value of values) all.message(1, value);
    await append(createProtobufWriter().double(1, seconds()).int(2, step).message(5, all));
  };
  const scalars = (step: number, values: Readonly<Record<string, number>>): Promise<void> =>
    summary(
      step,
      Object.entries(values).map(([tag, value]) =>
        createProtobufWriter().text(1, tag).float(2, value),
      ),
    );
  await append(createProtobufWriter().double(1, seconds()).text(3, 'brain.Event:2'));
  return {
    async write(event) {
      switch (event.type) {
        case 'step':
        case 'eval': {
          const { type, step, ...values } = event;
          const prefix = type === 'step' ? 'train' : 'eval';
          const numbers = Object.entries(values).flatMap(([name, value]) =>
            typeof value === 'number' ? [[`${prefix}/${name}`, value] as const] : [],
          );
          return scalars(step, Object.fromEntries(numbers));
        }
        case 'sample':
          return summary(event.step, [text(`samples/${event.prompt}`, event.text)]);
        default:
      }
    },
    scalars,
    close: () => handle.close(),
  };
}

/** Length, data and their checksums. */
function record(data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.length + 16);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc32c(bytes.subarray(0, 8)), true);
  bytes.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc32c(data), true);
  return bytes;
}

/** A text as the plug-in `text` shows it: a tensor of one string. */
function text(tag: string, value: string): ProtobufWriter {
  const shape = createProtobufWriter().message(2, createProtobufWriter().int(1, 1));
  const tensor = createProtobufWriter().int(1, STRING_TYPE).message(2, shape).text(8, value);
  const plugin = createProtobufWriter().text(1, 'text');
  return createProtobufWriter()
    .text(1, tag)
    .message(8, tensor)
    .message(9, createProtobufWriter().message(1, plugin));
}
