/** What a model package says about its model. */
export interface ModelCard {
  readonly id: string;
  /** The runtime it needs. */
  readonly kind: 'linear' | 'onnx';
  readonly version: string;
  /** Tokens of one text that count. */
  readonly maxTokens?: number;
  /** BCP 47 tags of the languages it was trained on. */
  readonly languages: readonly string[];
  /** SPDX identifier. */
  readonly licence: string;
  readonly baseModel: string;
  /** By file name. `sha256` in hexadecimal. */
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
  readonly evaluation: readonly {
    readonly dataset: string;
    readonly metric: string;
    readonly value: number;
  }[];
}
