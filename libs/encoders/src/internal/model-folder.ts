import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from '@espalier/core/zod';
import { ModelFileCorruptError, ModelFileMissingError } from '../errors.js';

const CARD_FILE = 'card.json';

const cardSchema = z.looseObject({
  id: z.string().min(1).optional(),
  version: z.string().min(1).optional(),
  files: z.record(z.string(), z.looseObject({ bytes: z.int(), sha256: z.string() })).optional(),
});

/** The files of one model, checked against its card where it has one. */
export interface ModelFolder {
  /** The model's name on its card. */
  readonly id: string | undefined;
  /** The version of its weights on its card. */
  readonly version: string | undefined;
  pathOf(name: string): string;
  /** The bytes of a file whose length and checksum are what the card says. */
  read(name: string): Promise<Uint8Array>;
}

/** Opens a model folder; the card (`card.json`) is optional. */
export async function openModelFolder(options: {
  folder: string;
  abortSignal?: AbortSignal;
}): Promise<ModelFolder> {
  const pathOf = (name: string): string => join(options.folder, name);
  const card = await readCard(pathOf(CARD_FILE), options.abortSignal);
  return {
    id: card.id,
    version: card.version,
    pathOf,
    async read(name) {
      const file = pathOf(name);
      const bytes = await readBytes(file, options.abortSignal);
      const expected = card.files?.[name];
      if (expected === undefined) return bytes;
      if (bytes.length !== expected.bytes) {
        const problem = `it has ${bytes.length} bytes, but its card says ${expected.bytes}`;
        throw new ModelFileCorruptError({ file, problem });
      }
      if (createHash('sha256').update(bytes).digest('hex') !== expected.sha256) {
        throw new ModelFileCorruptError({
          file,
          problem: 'its SHA-256 is not the one on its card',
        });
      }
      return bytes;
    },
  };
}

async function readBytes(file: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
  try {
    return await readFile(file, signal === undefined ? {} : { signal });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new ModelFileMissingError({ file, cause });
  }
}

async function readCard(
  file: string,
  signal: AbortSignal | undefined,
): Promise<z.infer<typeof cardSchema>> {
  let text: string;
  try {
    text = await readFile(file, { encoding: 'utf8', ...(signal === undefined ? {} : { signal }) });
  } catch (cause) {
    signal?.throwIfAborted();
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new ModelFileMissingError({ file, cause });
  }
  try {
    return cardSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new ModelFileCorruptError({ file, problem: 'it is not a model card', cause });
  }
}
