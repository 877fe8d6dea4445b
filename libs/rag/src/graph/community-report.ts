import type { LanguageModel, Usage, Warning } from '@espalier/core';
import type { GraphCommunity } from './find-communities.js';
import type { GraphEntity, GraphPlace, GraphRelation } from './graph-entity.js';

/** Words of a document that tell of a community. */
export interface CommunityEvidence extends GraphPlace {
  readonly text: string;
  /** Ids of the members that it names. */
  readonly entities: readonly string[];
}

/** All that a summary of a community is made of. */
export interface CommunityContent {
  readonly community: GraphCommunity;
  /** The most connected first. */
  readonly entities: readonly GraphEntity[];
  /** The strongest first. */
  readonly relations: readonly GraphRelation[];
  /** The most telling first. */
  readonly evidence: readonly CommunityEvidence[];
}

/** A statement of a report, with where it comes from. */
export interface ReportFinding {
  readonly text: string;
  readonly sources: readonly GraphPlace[];
}

/** What a community is about. */
export interface CommunityReport {
  readonly title: string;
  readonly summary: string;
  readonly findings: readonly ReportFinding[];
}

/** Writes what a community is about. */
export interface CommunitySummarizer {
  readonly name: string;
  readonly fingerprint: string;
  doSummarize(options: {
    readonly content: CommunityContent;
    readonly abortSignal?: AbortSignal;
  }): Promise<{
    readonly report: CommunityReport;
    readonly usage: Usage;
    readonly warnings: readonly Warning[];
  }>;
}

/** What {@link createModelSummarizer} takes; see there. */
export interface ModelSummarizerOptions {
  readonly model: LanguageModel;
  /** The most evidence that the model is shown. Default 12,000. Units: UTF-16 code units. */
  readonly evidenceCharacters?: number;
}
