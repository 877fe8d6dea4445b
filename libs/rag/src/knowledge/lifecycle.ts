/** What is to be erased: documents by id, or all whose source begins with `prefix`. */
export type EraseSelection = { readonly ids: readonly string[] } | { readonly prefix: string };

/** One place where a document leaves traces. */
export interface ErasedPlace {
  readonly place: 'catalogue' | 'vectors' | 'lexical-index' | 'embedding-cache';
  /** Rows, vectors or entries that were removed there. */
  readonly removed: number;
  /** Whether no byte of them is left there on disk. */
  readonly isPurged: boolean;
  /** Why not, where they may be. */
  readonly problem?: string;
}

/** What an erasure did, for the record. Names documents by id; holds nothing of their text. */
export interface ErasureReport {
  readonly knowledgeBase: string;
  readonly tenant?: string;
  readonly documentIds: readonly string[];
  readonly documents: number;
  readonly chunks: number;
  readonly places: readonly ErasedPlace[];
  /** Whether every place is purged. Where not, the same call, or `purge`, completes it. */
  readonly isComplete: boolean;
  readonly erasedAtMs: number;
  readonly durationMs: number;
}

/** How far a long piece of work has come. */
export interface WorkProgress {
  readonly done: number;
  readonly total: number;
}

/** A long piece of work. */
export interface WorkOptions {
  readonly onProgress?: (progress: WorkProgress) => void;
  readonly abortSignal?: AbortSignal;
}

/** What can be wrong with an index. */
export type HealthFindingKind =
  /** Chunks without a vector: not found by meaning. */
  | 'missing-vectors'
  /** Vectors that no chunk owns. */
  | 'orphan-vectors'
  /** Records whose text, readers or metadata are not what the catalogue says. */
  | 'stale-records'
  /** Vectors without a direction, of texts that have words. */
  | 'zero-vectors'
  /** Vectors with values that are not finite, or of another length. */
  | 'invalid-vectors'
  /** Chunks whose span lies outside of their document. */
  | 'invalid-chunks'
  /** Documents that another chunker cut; cut anew when they are next ingested, or by `reindex`. */
  | 'stale-chunks'
  /** Chunks whose token states are kept in other bits than are configured, or though searches do without. */
  | 'stale-token-states'
  /** Ways of searching that rank hardly better than chance. */
  | 'untrusted-legs'
  /** Notes on removals that are not finished. */
  | 'unfinished-removals'
  /** A reindex that was not finished. */
  | 'unfinished-reindex'
  /** Bytes of what was deleted may lie in the files until `purge`. */
  | 'purge-due';

/** One thing that is wrong, or worth knowing. */
export interface HealthFinding {
  readonly kind: HealthFindingKind;
  /** `problem`: search gives less or other than it should. `notice`: it does not. */
  readonly severity: 'problem' | 'notice';
  readonly count: number;
  /** Some of the ids concerned. */
  readonly examples: readonly string[];
  /** What to do. */
  readonly advice: string;
}

/** What a check found. */
export interface HealthReport {
  readonly documents: number;
  readonly chunks: number;
  readonly vectors: number;
  readonly knowledgeBase: string;
  readonly embedding: string;
  readonly checkedAtMs: number;
  readonly durationMs: number;
  /** No finding is a problem. */
  readonly isHealthy: boolean;
  readonly findings: readonly HealthFinding[];
}

/** What a repair did. Counts are of vectors. */
export interface RepairReport {
  readonly added: number;
  readonly replaced: number;
  readonly removed: number;
  /** The state after it. */
  readonly health: HealthReport;
}

/** What a rebuild did. */
export interface ReindexReport {
  readonly documents: number;
  readonly chunks: number;
  /** Documents that an earlier call, cut off before its end, had done already. */
  readonly resumed: number;
  readonly from: { readonly embedding: string; readonly dimension: number };
  readonly to: { readonly embedding: string; readonly dimension: number };
  readonly durationMs: number;
}

/** What a migration did. Counts are of vectors. */
export interface MigrationReport {
  readonly copied: number;
  /** Those that the other store did not have. */
  readonly embedded: number;
  readonly durationMs: number;
}

/** What stands in a snapshot. */
export interface SnapshotReport {
  readonly documents: number;
  readonly chunks: number;
  readonly bytes: number;
}
