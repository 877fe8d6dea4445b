import { loadTokenizer, type Tokenizer } from '@espalier/encoders';
import { encodeText } from '../train/encode-text.js';
import type { TokenRow } from './create-model-runner.js';
import type { LoadedModel } from './load-model.js';
import type { Pooling } from './pool-states.js';
import { readSentenceSettings } from './sentence-transformer-files.js';

/** How texts are given to a loaded encoder, and what its outputs mean. */
export interface TextInputs {
  /** The tokens of a text or a pair; what is too long loses its end. Opens the tokenizer when first asked. */
  rowOf(inputs: { readonly text: string; readonly textPair?: string }): Promise<TokenRow>;
  /** How the folder makes one vector of a text. */
  readonly pooling: Pooling;
  /** Names of a classifier's labels. */
  readonly labels: readonly string[];
  /** Whether a text may have several labels, each with a probability of its own. */
  readonly isMultiLabel: boolean;
}

/**
 * Loads the settings beside a model by which texts are given to it; those of its adapter's folder come first.
 *
 * @throws {ModelFileError} `ERR_TRAINING_MODEL_FILE`, {@link ModelConfigError} `ERR_TRAINING_MODEL_CONFIG`.
 */
export async function loadTextInputs(
  model: Pick<LoadedModel, 'folder' | 'config' | 'configText'>,
  adapterFolder?: string,
): Promise<TextInputs> {
  const { folder, config } = model;
  let tokenizer: Promise<Tokenizer> | undefined;
  const own = adapterFolder === undefined ? undefined : await readSentenceSettings(adapterFolder);
  const base = await readSentenceSettings(folder);
  const limit = own?.maxLength ?? base.maxLength ?? config.maxPositions;
  const maxLength = Math.min(limit, config.maxPositions);
  const count = config.family === 'bert' ? (config.head?.labels ?? 0) : 0;
  const { id2label, problem_type: problem } = JSON.parse(model.configText) as {
    id2label?: Record<string, string> | null;
    problem_type?: unknown;
  };
  return {
    async rowOf(inputs) {
      tokenizer ??= loadTokenizer({ folder });
      const { ids, typeIds } = encodeText(await tokenizer, inputs, maxLength);
      return { ids: Array.from(ids), typeIds: Array.from(typeIds) };
    },
    pooling: own?.pooling ?? base.pooling ?? 'mean',
    labels: Array.from({ length: count }, (_, i) => id2label?.[i] ?? `LABEL_${i}`),
    isMultiLabel: problem === 'multi_label_classification',
  };
}
