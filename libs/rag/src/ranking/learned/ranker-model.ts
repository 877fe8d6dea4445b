import { InvalidArgumentError } from '@espalier/core';
import { hashText } from '../../embedding/hash-text.js';
import { RankerFeatureError, RankerModelInvalidError } from '../errors.js';
import { FEATURE_SCHEMA, RANKING_FEATURES, type RankingFeature } from './ranking-features.js';
import { treeValue, type RegressionTree } from './regression-tree.js';

/** A learned ranker: trees over named features. */
export interface RankerModel {
  /** The features that it reads, in the order of a row. The first is `score`. */
  readonly features: readonly RankingFeature[];
  readonly trees: readonly RegressionTree[];
  /** What it was trained on and what is known of it; not read by anything. */
  readonly evidence: Readonly<Record<string, unknown>>;
}

const FORMAT = 'espalier-ranker';

/**
 * Returns the model as JSON text, with the version of the feature schema and a checksum.
 *
 * The same model gives the same bytes.
 */
export function serializeRankerModel(model: RankerModel): string {
  const content = {
    format: FORMAT,
    schema: FEATURE_SCHEMA,
    features: model.features,
    trees: model.trees,
    evidence: model.evidence,
  };
  return `${JSON.stringify({ ...content, sha256: hashText(JSON.stringify(content)) })}\n`;
}

/**
 * Reads what {@link serializeRankerModel} wrote.
 *
 * @throws {RankerModelInvalidError} `ERR_RAG_RANKER_MODEL_INVALID`: no ranker, damaged, or of another feature schema.
 */
export function parseRankerModel(text: string, file = 'model'): RankerModel {
  const refuse = (problem: string, cause?: unknown): never => {
    throw new RankerModelInvalidError({ file, problem, cause });
  };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    refuse('it is not JSON', cause);
  }
  const { sha256, ...content } = Object(parsed) as Record<string, unknown>;
  if (content.format !== FORMAT) refuse('it holds no learned ranker');
  if (content.schema !== FEATURE_SCHEMA) {
    refuse(
      `its features are of schema ${String(content.schema)}, and this version reads schema ${FEATURE_SCHEMA}`,
    );
  }
  if (sha256 !== hashText(JSON.stringify(content))) refuse('its checksum does not match');
  const { features, trees, evidence } = content as Record<string, unknown>;
  const known: ReadonlySet<unknown> = new Set(RANKING_FEATURES);
  if (!Array.isArray(features) || features[0] !== 'score' || !features.every((f) => known.has(f)))
    return refuse('it names features that do not exist');
  if (!Array.isArray(trees) || !trees.every((tree) => isTree(tree, features.length)))
    return refuse('a tree in it is broken');
  return {
    features: features as RankingFeature[],
    trees: trees as RegressionTree[],
    evidence: Object(evidence) as Record<string, unknown>,
  };
}

/**
 * Returns the score of each row: the first column and what the trees add.
 *
 * Shapes: `values` [rows, names] → [rows].
 *
 * @throws {RankerFeatureError} `ERR_RAG_RANKER_FEATURE`: a feature that the model reads is not there, or not a number.
 */
export function scoreWithModel(
  model: RankerModel,
  given: { readonly names: readonly RankingFeature[]; readonly values: Float32Array },
): Float64Array {
  const { names, values } = given;
  if (names.length === 0 || values.length % names.length !== 0) {
    throw new InvalidArgumentError({
      argument: 'values',
      value: values.length,
      expected: `rows of ${names.length} features`,
    });
  }
  const places = model.features.map((name) => {
    const place = names.indexOf(name);
    if (place < 0) throw new RankerFeatureError({ feature: name, problem: 'is not there' });
    return place;
  });
  const row = new Float32Array(places.length);
  return Float64Array.from({ length: values.length / names.length }, (_, n) => {
    for (const [column, place] of places.entries()) {
      const value = values[n * names.length + place] ?? Number.NaN;
      if (!Number.isFinite(value)) {
        const feature = model.features[column] ?? '';
        throw new RankerFeatureError({ feature, problem: `is ${value} for candidate ${n}` });
      }
      row[column] = value;
    }
    return model.trees.reduce((sum, tree) => sum + treeValue(tree, row, 0), row[0] ?? 0);
  });
}

/** The features that the trees of a model ask for; `score` is always read. */
export function featuresReadBy(model: RankerModel): ReadonlySet<RankingFeature> {
  const columns = model.trees.flatMap(({ features }) => features.filter((column) => column >= 0));
  return new Set([0, ...columns].flatMap((column) => model.features[column] ?? []));
}

function isTree(value: unknown, width: number): boolean {
  const { features, thresholds, children, values } = Object(value) as Record<string, unknown>;
  const size = Array.isArray(features) ? features.length : 0;
  const isList = (list: unknown): list is number[] =>
    Array.isArray(list) && list.length === size && list.every((one) => Number.isFinite(one));
  if (size === 0 || !isList(features) || !isList(thresholds)) return false;
  if (!isList(children) || !isList(values)) return false;
  return features.every((feature, node) => {
    if (!Number.isInteger(feature) || feature < -1 || feature >= width) return false;
    const child = children[node] ?? 0;
    // Children follow their parent, so that no walk goes round in circles.
    return feature === -1 || (Number.isInteger(child) && child > node && child + 1 < size);
  });
}
