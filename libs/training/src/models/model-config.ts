/** How rotary frequencies are stretched beyond the trained length. */
export type RopeScaling =
  | { readonly kind: 'default' }
  | { readonly kind: 'linear'; readonly factor: number }
  | { readonly kind: 'dynamic'; readonly factor: number }
  | {
      readonly kind: 'llama3';
      readonly factor: number;
      readonly lowFrequencyFactor: number;
      readonly highFrequencyFactor: number;
      readonly originalPositions: number;
    }
  | {
      readonly kind: 'yarn';
      readonly factor: number;
      readonly betaFast: number;
      readonly betaSlow: number;
      readonly attentionFactor: number;
      readonly originalPositions: number;
      readonly truncate: boolean;
    };

/** What all model families have. */
interface CommonConfig {
  readonly vocabularySize: number;
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  readonly innerWidth: number;
  readonly epsilon: number;
  readonly maxPositions: number;
  /** `hidden_act`, by its Hugging Face name. */
  readonly activation: 'gelu' | 'gelu_new' | 'silu' | 'relu';
  /** Whether the output layer is the embedding table. */
  readonly isTied: boolean;
}

/** Llama and the families built like it. */
export interface LlamaConfig extends CommonConfig {
  readonly family: 'llama' | 'mistral' | 'qwen2' | 'qwen3';
  readonly keyValueHeads: number;
  readonly headWidth: number;
  readonly ropeTheta: number;
  readonly ropeScaling: RopeScaling;
  readonly hasQueryKeyValueBias: boolean;
  readonly hasOutputBias: boolean;
  readonly hasMlpBias: boolean;
  /** Whether queries and keys are normalised head by head. */
  readonly hasQueryKeyNorm: boolean;
  /** For each layer, how many tokens back it sees; undefined: all. */
  readonly windows: readonly (number | undefined)[];
}

/** GPT-2. */
export interface Gpt2Config extends CommonConfig {
  readonly family: 'gpt2';
}

/** BERT encoders. */
export interface BertConfig extends CommonConfig {
  readonly family: 'bert';
  readonly typeVocabularySize: number;
  /** What stands on the first token; undefined for a plain encoder. */
  readonly head: ClassifierHead | undefined;
}

/** A pooler and a linear layer that scores labels, as in `BertForSequenceClassification`. */
export interface ClassifierHead {
  readonly labels: number;
}

/** A model's shape, read from `config.json`. */
export type ModelConfig = LlamaConfig | Gpt2Config | BertConfig;

/** A model that gives the next token. */
export type DecoderConfig = LlamaConfig | Gpt2Config;
