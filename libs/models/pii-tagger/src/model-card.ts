/** What a model package says about its model. */
export interface ModelCard {
  readonly id: string;
  /** The runtime it needs: `createPiiTagger` of `@espalier/guardrails`. */
  readonly kind: 'linear-tagger';
  readonly version: string;
  /** What it tells apart. */
  readonly types: readonly string[];
  /** BCP 47 tags of the languages it was trained on. */
  readonly languages: readonly string[];
  /** SPDX identifier. */
  readonly licence: string;
  /** By file name. `sha256` in hexadecimal. */
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
  readonly evaluation: readonly {
    readonly dataset: string;
    readonly metric: string;
    readonly value: number;
  }[];
}
