import { RankerFeatureError } from '../errors.js';
import { featuresReadBy, type RankerModel } from './ranker-model.js';
import { KNOWLEDGE_BASE_FEATURES } from './ranking-features.js';

/**
 * Refuses a learned ranker that reads what no knowledge base knows.
 *
 * @throws {RankerFeatureError} `ERR_RAG_RANKER_FEATURE`
 */
export function assertKnowledgeBaseRanker(model: RankerModel): void {
  for (const feature of featuresReadBy(model)) {
    if (!KNOWLEDGE_BASE_FEATURES.includes(feature))
      throw new RankerFeatureError({ feature, problem: 'is not known to knowledge bases' });
  }
}
