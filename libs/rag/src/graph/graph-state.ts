import type { CommunityReport } from './community-report.js';
import type { GraphDocument } from './graph-document.js';

/** A report that was written, under what it was written from. */
export interface StoredReport {
  /** Tells the summarizer and everything that it was shown. */
  readonly key: string;
  /** Documents whose words it may hold. */
  readonly documentIds: readonly string[];
  readonly report: CommunityReport;
}

/** A graph as plain JSON: what documents say, and reports written so far; all else is worked out from it. */
export interface GraphState {
  readonly version: 1;
  readonly documents: readonly GraphDocument[];
  readonly reports: readonly StoredReport[];
}

/** What is to be kept of a change: both lists may be empty. */
export interface GraphChange {
  readonly set: readonly GraphDocument[];
  readonly removed: readonly string[];
  readonly reports: readonly StoredReport[];
  /** Keys of reports that nothing needs any more. */
  readonly droppedReports: readonly string[];
}

/** Keeps a graph. */
export interface GraphStore {
  load(): Promise<GraphState>;
  /** Keeps all of a change, or, when it fails, nothing. */
  save(change: GraphChange): Promise<void>;
}
