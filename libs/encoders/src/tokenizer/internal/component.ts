import * as z from '@espalier/core/zod';
import { ModelFileCorruptError, TokenizerUnsupportedError } from '../../errors.js';

/** One part of a `tokenizer.json`, of a type of its own. */
export type Component = { readonly type: string } & Readonly<Record<string, unknown>>;

/** Reads the parts of one `tokenizer.json` with errors that name the file and the place. */
export interface ComponentReader {
  /** @throws {ModelFileCorruptError} `ERR_ENCODERS_MODEL_FILE_CORRUPT` — the value does not fit. */
  parse<Output>(schema: z.ZodType<Output>, value: unknown, place: string): Output;
  /** The parts of a sequence, or the one part; none for `null`. */
  list(value: unknown, key: string, place: string): readonly Component[];
  unsupported(place: string, found: unknown, supported: string): TokenizerUnsupportedError;
  corrupt(problem: string, cause?: unknown): ModelFileCorruptError;
}

const componentSchema = z.looseObject({ type: z.string() });

/** Creates the reader of a file. */
export function createComponentReader(file: string): ComponentReader {
  const corrupt = (problem: string, cause?: unknown): ModelFileCorruptError =>
    new ModelFileCorruptError({ file, problem, cause });
  const parse = <Output>(schema: z.ZodType<Output>, value: unknown, place: string): Output => {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    const [issue] = result.error.issues;
    const path = [place, ...(issue?.path ?? [])].filter((part) => part !== '').join('.');
    throw corrupt(`${path}: ${issue?.message ?? 'unexpected'}`, result.error);
  };
  const list = (value: unknown, key: string, place: string): readonly Component[] => {
    if (value === null || value === undefined) return [];
    const component = parse(componentSchema, value, place);
    if (component.type !== 'Sequence') return [component];
    const parts = parse(z.array(componentSchema), component[key], `${place}.${key}`);
    return parts.flatMap((part, index) => list(part, key, `${place}.${key}.${index}`));
  };
  return {
    parse,
    list,
    corrupt,
    unsupported: (place, found, supported) =>
      new TokenizerUnsupportedError({ file, part: `${place} of type`, found, supported }),
  };
}
