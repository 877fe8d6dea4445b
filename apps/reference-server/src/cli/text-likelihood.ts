import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { truncateValue } from '@espalier/core';
import { loadTokenizer } from '@espalier/encoders';
import { createModelRunner, loadModel } from '@espalier/training';
import { EXIT } from '../errors/exit-codes.js';
import type { BackendName } from './backend-names.js';
import type { CliContext } from './cli-context.js';
import { CliError } from './cli-error.js';
import { evalInputError } from './eval-files.js';
import { openTensorBackend } from './training-backend.js';

/** How likely a model holds texts. */
export interface TextLikelihood {
  /** The model, as a report names it. */
  readonly name: string;
  /** The natural logarithm of the probability of a text's tokens, each after those before it. */
  logLikelihood(text: string): Promise<number>;
  close(): Promise<void>;
}

/** Computes with a decoder in a Hugging Face folder. */
export async function openFolderLikelihood(
  options: { readonly folder: string; readonly backend?: BackendName },
  context: CliContext,
): Promise<TextLikelihood> {
  const folder = resolve(context.directory, options.folder);
  const backend = await openTensorBackend(options.backend, context);
  const model = await loadModel({ folder, backend, abortSignal: context.abortSignal });
  const runner = createModelRunner(model);
  const close = async (): Promise<void> => {
    await runner.dispose();
    await model.dispose();
    await backend.dispose();
  };
  if (model.config.family === 'bert') {
    await close();
    throw evalInputError(
      `The model in ${truncateValue(options.folder, 200)} is an encoder without a head that predicts tokens. Name a decoder.`,
    );
  }
  const tokenizer = await loadTokenizer({ folder });
  const config = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')) as {
    bos_token_id?: unknown;
  };
  const first = typeof config.bos_token_id === 'number' ? config.bos_token_id : undefined;
  return {
    name: options.folder,
    close,
    async logLikelihood(text) {
      context.abortSignal.throwIfAborted();
      const own = [...tokenizer.encodeInputs({ text, addsSpecialTokens: true }).ids];
      // So that the first word counts too.
      const ids = first === undefined || own[0] === first ? own : [first, ...own];
      const logits = await runner.logits({ ids });
      let sum = 0;
      for (let at = 1; at < ids.length; at += 1)
        sum += logProbability(logits[at - 1] ?? new Float32Array(), ids[at] ?? 0);
      return sum;
    },
  };
}

function logProbability(logits: Float32Array, id: number): number {
  let most = -Infinity;
  for (const logit of logits) most = Math.max(most, logit);
  let total = 0;
  for (const logit of logits) total += Math.exp(logit - most);
  return (logits[id] ?? -Infinity) - most - Math.log(total);
}

/** The part of an answer of `/completions` that counts, with the prompt echoed. */
interface EchoedCompletion {
  readonly choices?: readonly {
    readonly logprobs?: {
      readonly token_logprobs?: readonly (number | null)[];
      readonly text_offset?: readonly number[];
    } | null;
  }[];
}

/**
 * Asks an endpoint of OpenAI's completions that echoes prompts with log-probabilities, as vLLM does.
 *
 * @see https://platform.openai.com/docs/api-reference/completions/create (`echo`, `logprobs`)
 */
export function openEndpointLikelihood(
  options: { readonly endpoint: string; readonly model: string; readonly apiKey?: string },
  context: CliContext,
): TextLikelihood {
  const url = `${options.endpoint.replace(/\/$/, '')}/completions`;
  const fail = (problem: string, cause?: unknown): CliError =>
    new CliError({
      code: 'ERR_CLI_ENDPOINT',
      message: `${url} ${problem}. Use an endpoint of completions that takes "echo" with "logprobs".`,
      exitCode: EXIT.unreachable,
      cause,
    });
  return {
    name: options.model,
    close: () => Promise.resolve(),
    async logLikelihood(text) {
      let response: Response;
      try {
        response = await fetch(url, {
          method: 'POST',
          signal: context.abortSignal,
          headers: {
            'content-type': 'application/json',
            ...(options.apiKey === undefined ? {} : { authorization: `Bearer ${options.apiKey}` }),
          },
          body: JSON.stringify({
            model: options.model,
            prompt: text,
            // Some refuse none; what is generated is left out below.
            max_tokens: 1,
            temperature: 0,
            echo: true,
            logprobs: 1,
          }),
        });
      } catch (cause) {
        context.abortSignal.throwIfAborted();
        throw fail('cannot be reached', cause);
      }
      const body = await response.text();
      if (!response.ok) throw fail(`answered ${response.status}: ${truncateValue(body, 200)}`);
      const echoed = logProbabilitiesOf(body, text.length);
      if (echoed === undefined) throw fail('gave no log-probabilities of the prompt');
      return echoed.reduce((sum, value) => sum + value, 0);
    },
  };
}

/** Those of the prompt; its first token has none. */
function logProbabilitiesOf(body: string, length: number): readonly number[] | undefined {
  let parsed: EchoedCompletion;
  try {
    parsed = JSON.parse(body) as EchoedCompletion;
  } catch {
    return undefined;
  }
  const { token_logprobs: values = [], text_offset: offsets = [] } =
    parsed.choices?.[0]?.logprobs ?? {};
  const echoed = values.flatMap((value, index) =>
    value !== null && (offsets[index] ?? Infinity) < length ? [value] : [],
  );
  return echoed.length === 0 ? undefined : echoed;
}
