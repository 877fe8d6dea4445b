import { createMatchScorer } from '../../ranking/create-match-scorer.js';
import { declaredNames, MIN_DECLARED_DEVIATION } from '../../ranking/internal/declared-names.js';
import { identifierShare, identifiersOf } from '../../ranking/internal/identifiers.js';
import type { KnowledgeBaseParts } from '../internal/knowledge-base-parts.js';
import { drawTowards, similarScores } from './candidate-vectors.js';
import type { CorpusVectors } from './corpus-vectors.js';
import { cosine } from '../../internal/cosine.js';
import type { RankerModel } from '../../ranking/learned/ranker-model.js';
import type { Candidate } from './find-candidates.js';
import { orderByRanker } from './order-by-ranker.js';
import { scaleOf, standardized, type ScoreScale } from './score-scale.js';
import type { TokenQuery, TokenSearch } from './token-search.js';

/** A leg of the ranking. */
export type LegName =
  /** Words of the chunk. */
  | 'bm25'
  /** Meaning of the chunk. */
  | 'vector'
  /** Words of the document that the chunk is from; where documents have more than one chunk. */
  | 'documentBm25'
  /** Meaning of that document; as above. */
  | 'documentVector'
  /** Likeness to the first results; only where each document is one chunk. */
  | 'feedback'
  /** Score of the candidates most like it; as above. */
  | 'similar'
  /** Meaning of the chunk's likest part, of about a hundred tokens; with a token encoder. */
  | 'part'
  /** Late interaction over the states of tokens; as above. */
  | 'maxSim'
  /** Late interaction with the best 64 tokens in a row; as above. */
  | 'maxSimWindow'
  /** Words that are neighbours in the query and in the chunk. */
  | 'ordered'
  /** Words of the query in the document's title. */
  | 'title'
  /** Names of code in the query, letter by letter. */
  | 'identifiers'
  /** Words of the query in the names that a chunk of code declares. */
  | 'declared';

/** What has a say in a place: a leg, or, with a learned ranker, what its trees add. */
export type ScoredLeg = LegName | 'learned';

/** How much each leg counts. */
export type LegWeights = Readonly<Record<LegName, number>>;

/** What one leg gave one passage. */
export interface LegScore {
  /** As the leg gives it: BM25, a cosine, or a share. */
  readonly score: number;
  /** In deviations from the leg's mean. */
  readonly standardized: number;
  /** `standardized` × the leg's weight. */
  readonly contribution: number;
}

/** A candidate in its place. */
export interface RankedCandidate extends Candidate {
  /** The sum of the contributions. */
  readonly score: number;
  readonly legs: Partial<Readonly<Record<ScoredLeg, LegScore>>>;
}

/** The candidates, best first, and the scales they were put on. */
export interface Ranking {
  readonly ranked: readonly RankedCandidate[];
  readonly scales: Partial<Readonly<Record<ScoredLeg, ScoreScale>>>;
  /** What the leg `learned` is multiplied by; undefined without a learned ranker. */
  readonly learnedWeight?: number;
}

/** Candidates that are looked at closely: the first by their own words and meaning. */
const LOOKED_AT = 60;
const FEEDBACK_PASSAGES = 3;
/** Chunks for each document, up to which a document is taken to be one text. */
const MOSTLY_WHOLE = 2;

/** What {@link rankCandidates} takes. */
export interface RankOptions {
  readonly query: string;
  readonly vector: Float32Array | undefined;
  readonly words: { readonly scores: ReadonlyMap<string, number> } & ScoreScale;
  readonly candidates: readonly Candidate[];
  readonly vectors: CorpusVectors;
  readonly weights: LegWeights;
  /** What late interaction needs, where there is a token encoder. */
  readonly tokens?: { readonly search: TokenSearch; readonly query: TokenQuery } | undefined;
  /** Orders the candidates that are looked at closely. */
  readonly ranker?: RankerModel | undefined;
  readonly abortSignal?: AbortSignal | undefined;
}

/** The scores of a leg for the candidates that are looked at, in their order, and what they are measured in. */
interface CloseLeg {
  readonly scores: readonly (number | undefined)[];
  /** Default: their own. */
  readonly scale?: ScoreScale;
}

/**
 * Orders candidates by the sum of what each leg gives them.
 *
 * Words and meaning of the chunk come first, each on the scale of its distribution over the whole corpus for this query.
 * The best of them are looked at closely: with the words and meaning of their documents (or, where each document is one
 * chunk, with what the first results are like), and with what BM25 does not see of the words.
 */
export async function rankCandidates(
  parts: KnowledgeBaseParts,
  options: RankOptions,
): Promise<Ranking> {
  const { vector, words, vectors, weights } = options;
  const scales: Partial<Record<LegName, ScoreScale>> = {
    bm25: { mean: words.mean, deviation: words.deviation },
    ...(vector === undefined ? {} : { vector: await vectors.chunkScale(vector) }),
  };
  const leg = (name: LegName, score: number): LegScore => {
    const place = standardized(score, scales[name] ?? { mean: 0, deviation: 0 });
    return { score, standardized: place, contribution: weights[name] * place };
  };
  const own = options.candidates
    .map((candidate): RankedCandidate => {
      const legs = {
        bm25: leg('bm25', words.scores.get(candidate.id) ?? 0),
        ...(candidate.cosine === undefined ? {} : { vector: leg('vector', candidate.cosine) }),
      };
      return { ...candidate, legs, score: sumOf(legs) };
    })
    .sort(byScore);

  const close = own.slice(0, LOOKED_AT);
  const closer = {
    ...wordLegs(parts, options, close),
    ...(await tokenLegs(options, close)),
    ...(await aroundLegs(parts, options, close)),
  };
  const added: Partial<Record<LegName, LegScore>>[] = close.map(() => ({}));
  for (const [key, { scores, scale }] of Object.entries(closer)) {
    const name = key as LegName;
    if (weights[name] === 0) continue;
    scales[name] = scale ?? scaleOf(scores.filter((score) => score !== undefined));
    for (const [place, score] of scores.entries()) {
      const target = added[place];
      if (target !== undefined && score !== undefined) target[name] = leg(name, score);
    }
  }
  const reranked = close.map((candidate, place): RankedCandidate => {
    const legs = { ...candidate.legs, ...added[place] };
    return { ...candidate, legs, score: sumOf(legs) };
  });
  reranked.sort(byScore);
  const learned =
    options.ranker === undefined || reranked.length === 0
      ? undefined
      : orderByRanker({
          model: options.ranker,
          query: options.query,
          index: parts.corpus.lexical,
          ranked: reranked,
        });
  const first = learned?.ranked.toSorted(byScore) ?? reranked;
  // What was not looked at closely stays behind what was.
  const rest = own.slice(close.length);
  const floor = first.at(-1)?.score ?? 0;
  const shift = Math.max(0, (rest[0]?.score ?? -Infinity) - floor);
  const behind = rest.map((candidate) => ({ ...candidate, score: candidate.score - shift }));
  const ranked = [...first, ...behind];
  if (learned === undefined) return { ranked, scales };
  return {
    ranked,
    scales: { ...scales, learned: { mean: 0, deviation: 1 } },
    learnedWeight: learned.weight,
  };
}

type CloseLegs = Partial<Record<LegName, CloseLeg>>;

/** What a bag of words does not tell. */
function wordLegs(
  { corpus }: KnowledgeBaseParts,
  { query }: RankOptions,
  close: readonly RankedCandidate[],
): CloseLegs {
  const scorer = createMatchScorer({ index: corpus.lexical, query });
  const identifiers = identifiersOf(query);
  const declared = close.map(({ text }) => scorer.coverageOf(declaredNames(text).join(' ')));
  const { mean, deviation } = scaleOf(declared);
  return {
    ...(deviation > 0 && {
      declared: {
        scores: declared,
        scale: { mean, deviation: Math.max(deviation, MIN_DECLARED_DEVIATION) },
      },
    }),
    ordered: { scores: close.map(({ id }) => scorer.score(id).ordered) },
    title: { scores: close.map(({ document }) => scorer.coverageOf(document.title ?? '')) },
    ...(identifiers.length > 0 && {
      identifiers: { scores: close.map(({ text }) => identifierShare(identifiers, text)) },
    }),
  };
}

/** What the states of tokens tell, beyond the one vector of a chunk. */
async function tokenLegs(
  { tokens, vector, vectors, weights, abortSignal }: RankOptions,
  close: readonly RankedCandidate[],
): Promise<CloseLegs> {
  const isWanted = weights.part + weights.maxSim + weights.maxSimWindow > 0;
  if (tokens === undefined || vector === undefined || !isWanted) return {};
  const matches = await tokens.search.match(tokens.query, close, abortSignal);
  return {
    // Parts are as far apart in meaning as chunks are.
    part: {
      scores: matches.map((match) => match?.part),
      scale: await vectors.chunkScale(vector),
    },
    maxSim: { scores: matches.map((match) => match?.whole) },
    maxSimWindow: { scores: matches.map((match) => match?.window) },
  };
}

/** What stands around a chunk tells: its document, and, where most documents are one chunk, the other candidates. */
async function aroundLegs(
  parts: KnowledgeBaseParts,
  options: RankOptions,
  close: readonly RankedCandidate[],
): Promise<CloseLegs> {
  const { documents, chunkCount } = parts.corpus;
  return {
    ...(documents.size < chunkCount && (await documentLegs(parts, options, close))),
    ...(chunkCount <= documents.size * MOSTLY_WHOLE && (await likenessLegs(parts, options, close))),
  };
}

async function documentLegs(
  { corpus }: KnowledgeBaseParts,
  { query, vector, vectors }: RankOptions,
  close: readonly RankedCandidate[],
): Promise<CloseLegs> {
  const words = corpus.documentLexical.score(query);
  const documentBm25: CloseLeg = {
    scores: close.map(({ document }) => words.scores.get(document.id) ?? 0),
    scale: { mean: words.mean, deviation: words.deviation },
  };
  if (vector === undefined) return { documentBm25 };
  const means = await vectors.meansOf(close.map(({ document }) => document.id));
  const cosines = close.map(({ document }) => {
    const mean = means.get(document.id);
    return mean === undefined ? undefined : cosine(vector, mean);
  });
  const scale = await vectors.documentScale(vector);
  return { documentBm25, documentVector: { scores: cosines, scale } };
}

async function likenessLegs(
  { index }: KnowledgeBaseParts,
  { vector, vectors }: RankOptions,
  close: readonly RankedCandidate[],
): Promise<CloseLegs> {
  if (vector === undefined) return {};
  const records = await index.get({ ids: close.map(({ id }) => id) });
  const known = new Map(records.map((record) => [record.id, record.vector]));
  const own = close.map(({ id }) => known.get(id));
  const first = own.slice(0, FEEDBACK_PASSAGES).filter((one) => one !== undefined);
  const drawn = drawTowards(vector, first);
  return {
    feedback: {
      scores: own.map((one) => (one === undefined ? undefined : cosine(drawn, one))),
      scale: await vectors.chunkScale(drawn),
    },
    similar: {
      scores: similarScores(
        own,
        close.map(({ score }) => score),
      ),
    },
  };
}

function sumOf(legs: RankedCandidate['legs']): number {
  return Object.values(legs).reduce((sum, { contribution }) => sum + contribution, 0);
}

function byScore(a: RankedCandidate, b: RankedCandidate): number {
  return b.score - a.score || (a.id < b.id ? -1 : 1);
}
