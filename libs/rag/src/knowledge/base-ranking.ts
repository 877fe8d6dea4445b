import type { RankerModel } from '../ranking/learned/ranker-model.js';
import type { TokenCodeBits } from '../ranking/token-codes.js';
import type { LegWeights } from './search/rank-candidates.js';

/** How one knowledge base ranks; what is left out is as for all. */
export interface BaseRanking {
  /** Bits in which a value of a token's state is kept, or `false`: searches do without late interaction. */
  readonly tokenStates?: false | TokenCodeBits;
  readonly weights?: Partial<LegWeights>;
  /**
   * A learned ranker, which orders what searches look at closely. Where they do not know what it reads, they are
   * refused: `ERR_RAG_RANKER_FEATURE`.
   */
  readonly ranker?: RankerModel;
}
