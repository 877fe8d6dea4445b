import { createReadStream } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { trainBpe } from '@espalier/encoders';
import { createChatTemplate } from '@espalier/encoders/chat-template';
import { EXIT } from '../../errors/exit-codes.js';
import type { CliContext } from '../cli-context.js';
import { readJsonLines, rowError } from '../read-json-lines.js';

/** Options of `espalier tokenize train`. */
export interface TokenizeTrainOptions {
  readonly vocabSize: number;
  readonly kind: 'byte-level' | 'plain';
  readonly minFrequency: number;
  readonly special?: readonly string[];
  readonly unk?: string;
  readonly chatTemplate?: string;
  readonly out: string;
  readonly json?: boolean;
}

/** Learns a tokeniser from text and writes it as a folder that models are trained with. */
export async function tokenizeTrain(
  files: readonly string[],
  options: TokenizeTrainOptions,
  context: CliContext,
): Promise<number> {
  if (!Number.isInteger(options.vocabSize) || !Number.isInteger(options.minFrequency))
    throw rowError('--vocab-size and --min-frequency must be whole numbers.');
  const special = options.special ?? [];
  const { vocabularySize, merges, json } = await trainBpe({
    texts: textsOf(files, context),
    vocabularySize: options.vocabSize,
    kind: options.kind,
    minFrequency: options.minFrequency,
    specialTokens: special,
    abortSignal: context.abortSignal,
    ...(options.unk === undefined ? {} : { unknownToken: options.unk }),
  });
  const template =
    options.chatTemplate === undefined
      ? undefined
      : await readTemplate(resolve(context.directory, options.chatTemplate));
  const out = resolve(context.directory, options.out);
  const known = (name: string, token: string): object =>
    special.includes(token) ? { [name]: token } : {};
  const settings = {
    tokenizer_class: 'PreTrainedTokenizerFast',
    ...known('bos_token', '<s>'),
    ...known('eos_token', special.includes('</s>') ? '</s>' : '<|endoftext|>'),
    ...(options.unk === undefined ? {} : { unk_token: options.unk }),
  };
  try {
    await mkdir(out, { recursive: true });
    await writeFile(join(out, 'tokenizer.json'), json);
    await writeFile(join(out, 'tokenizer_config.json'), `${JSON.stringify(settings, null, 2)}\n`);
    if (template !== undefined) await writeFile(join(out, 'chat_template.jinja'), template);
  } catch (cause) {
    throw rowError(`The folder ${options.out} cannot be written. Name another one.`, cause);
  }
  context.out(
    options.json === true
      ? `${JSON.stringify({ out, vocabulary_size: vocabularySize, merges: merges.length })}\n`
      : `Written: ${out} (${vocabularySize} tokens, ${merges.length} merges)\n`,
  );
  return EXIT.ok;
}

/** A template that cannot be parsed is of no use to any model. */
async function readTemplate(file: string): Promise<string> {
  const source = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw rowError(`The chat template ${file} cannot be read. Name a Jinja file.`, cause);
  });
  createChatTemplate({ source });
  return source;
}

/** The lines of text files with their ends; of `.jsonl` files the field `text` of each row. */
async function* textsOf(files: readonly string[], context: CliContext): AsyncGenerator<string> {
  for (const file of files) {
    if (!file.endsWith('.jsonl')) {
      yield* linesOf(file, context);
      continue;
    }
    for await (const { line, row } of readJsonLines(file, context)) {
      if (typeof row['text'] !== 'string')
        throw rowError(`${file}, line ${line}: it has no text. Correct the line.`);
      yield row['text'];
    }
  }
}

async function* linesOf(file: string, context: CliContext): AsyncGenerator<string> {
  let rest = '';
  try {
    const stream = createReadStream(resolve(context.directory, file), {
      encoding: 'utf8',
      signal: context.abortSignal,
    });
    for await (const chunk of stream as AsyncIterable<string>) {
      const parts = (rest + chunk).split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) yield `${part}\n`;
    }
  } catch (cause) {
    context.abortSignal.throwIfAborted();
    throw rowError(`The file ${file} cannot be read. Name a text file.`, cause);
  }
  if (rest !== '') yield rest;
}
