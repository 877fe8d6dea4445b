import { availableParallelism } from 'node:os';
import { createSystemClock, InvalidArgumentError, type Clock } from '@espalier/core';
import { ModelFileCorruptError } from '../../errors.js';
import { openModelFolder } from '../../internal/model-folder.js';
import { loadTokenizer } from '../../tokenizer/load-tokenizer.js';
import type { Tokenizer } from '../../tokenizer/tokenizer.js';
import { createSessionPool, type SessionPool } from './session-pool.js';

const GRAPH_FILE = 'model.onnx';
const CONFIG_FILE = 'config.json';
const DEFAULT_MAX_TOKENS = 256;
const MAX_DEFAULT_THREADS = 2;

/** An ONNX encoder that is ready to run. */
export interface OnnxModel {
  readonly modelId: string;
  readonly revision: string | undefined;
  /** Of vectors and states; 0 for logits. */
  readonly dimension: number;
  readonly maxTokens: number;
  readonly tokenizer: Tokenizer;
  readonly pool: SessionPool;
}

/** Opens the folder of an ONNX encoder and starts its first session. */
export async function openOnnxModel(options: {
  readonly folder: string;
  readonly output: 'sentence_embedding' | 'last_hidden_state' | 'logits';
  readonly modelId?: string;
  readonly threads?: number;
  readonly maxTokens?: number;
  readonly idleMs?: number;
  readonly clock?: Clock;
  readonly abortSignal?: AbortSignal;
}): Promise<OnnxModel> {
  const maxTokens = options.maxTokens ?? DEFAULT_MAX_TOKENS;
  const threads = options.threads ?? Math.min(MAX_DEFAULT_THREADS, availableParallelism());
  assertCount('maxTokens', maxTokens);
  assertCount('threads', threads);
  const folder = await openModelFolder(options);
  const tokenizer = await loadTokenizer(options);
  // A classifier's outputs are its labels, whatever its config calls its inner width.
  const dimension =
    options.output === 'logits'
      ? 0
      : hiddenSize(folder.pathOf(CONFIG_FILE), await folder.read(CONFIG_FILE));
  // Read for its checksum; the runtime then maps the file itself.
  await folder.read(GRAPH_FILE);
  const file = folder.pathOf(GRAPH_FILE);
  const modelId = options.modelId ?? folder.id ?? 'onnx';
  const { output, idleMs, clock = createSystemClock() } = options;
  if (idleMs !== undefined) assertCount('idleMs', idleMs);
  const pool = createSessionPool({ file, modelId, threads, output, idleMs, clock });
  try {
    await pool.start();
    options.abortSignal?.throwIfAborted();
  } catch (error) {
    await pool.dispose();
    throw error;
  }
  return { modelId, revision: folder.version, dimension, maxTokens, tokenizer, pool };
}

function assertCount(argument: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw new InvalidArgumentError({ argument, value, expected: 'a whole number from 1' });
}

function hiddenSize(file: string, bytes: Uint8Array): number {
  let size: unknown;
  try {
    size = (JSON.parse(new TextDecoder().decode(bytes)) as { hidden_size?: unknown } | null)
      ?.hidden_size;
  } catch (cause) {
    throw new ModelFileCorruptError({ file, problem: 'it is not JSON', cause });
  }
  if (typeof size === 'number' && Number.isInteger(size) && size > 0) return size;
  throw new ModelFileCorruptError({ file, problem: 'it does not state "hidden_size"' });
}
