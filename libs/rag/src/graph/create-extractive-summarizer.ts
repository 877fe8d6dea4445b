import type { CommunityContent, CommunityReport, CommunitySummarizer } from './community-report.js';

const DEFAULT_FINDINGS = 5;
const TITLE_ENTITIES = 3;

/** Creates a summarizer that asks no model: a community is told in the most telling sentences of its documents, each with its source. */
export function createExtractiveSummarizer(
  options: { readonly maxFindings?: number } = {},
): CommunitySummarizer {
  const maxFindings = options.maxFindings ?? DEFAULT_FINDINGS;
  return {
    name: 'extractive',
    fingerprint: `extractive-1:${maxFindings}`,
    async doSummarize({ content, abortSignal }) {
      abortSignal?.throwIfAborted();
      return { report: extractReport(content, maxFindings), usage: {}, warnings: [] };
    },
  };
}

/** The report of a community in its documents' own words. */
export function extractReport(
  content: CommunityContent,
  maxFindings = DEFAULT_FINDINGS,
): CommunityReport {
  const { entities, evidence } = content;
  const told = new Set<string>();
  const chosen: CommunityContent['evidence'][number][] = [];
  // First what tells of members not told of yet; then the most telling of the rest.
  const order = [...evidence];
  while (chosen.length < maxFindings && order.length > 0) {
    const next = Math.max(
      0,
      order.findIndex(({ entities: named }) => named.some((id) => !told.has(id))),
    );
    const [taken] = order.splice(next, 1);
    if (taken === undefined) break;
    chosen.push(taken);
    for (const id of taken.entities) told.add(id);
  }
  const findings = chosen.map(({ text, documentId, passageId, span }) => ({
    text,
    sources: [{ documentId, passageId, span }],
  }));
  return {
    title: entities
      .slice(0, TITLE_ENTITIES)
      .map(({ name }) => name)
      .join(', '),
    summary: findings.map(({ text }) => text).join(' '),
    findings,
  };
}
