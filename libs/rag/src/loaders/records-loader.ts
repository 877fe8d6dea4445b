import type { DocumentLoader, Span } from '@espalier/core';
import { DocumentEmptyError, DocumentFormatError } from '../errors.js';
import { decodeText } from './internal/decode-text.js';
import { baseMediaType, endingOf } from './internal/media-type.js';
import { parseRecords, type RecordFormat } from './internal/parse-records.js';
import type { TextLoaderOptions } from './text-loader.js';

const BY_ENDING: Readonly<Record<string, RecordFormat>> = {
  csv: 'csv',
  tsv: 'tsv',
  json: 'json',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
};
const BY_TYPE: Readonly<Record<string, RecordFormat>> = {
  'text/csv': 'csv',
  'text/tab-separated-values': 'tsv',
  'application/json': 'json',
  'application/jsonl': 'jsonl',
  'application/x-ndjson': 'jsonl',
};

/**
 * Creates the loader of records: CSV and TSV with a head line, JSON and JSON Lines.
 *
 * Each record becomes a block of `field: value` lines, so that words stand with the names of their fields whichever part
 * of a file is found. Blocks are atoms. Spans and lines refer to that text.
 */
export function createRecordsLoader(options: TextLoaderOptions = {}): DocumentLoader {
  return {
    specificationVersion: 'v1',
    name: 'records',
    accepts: ({ name, mediaType }) => formatOf(name, mediaType) !== undefined,
    async load({ bytes, name, mediaType, abortSignal }) {
      abortSignal?.throwIfAborted();
      const { text: source, warnings } = decodeText({ ...options, bytes, source: name });
      const format = formatOf(name, mediaType) ?? 'csv';
      const records = parseRecords(source, format, (problem, cause) => {
        throw new DocumentFormatError({ source: name, format, problem, cause });
      });
      const blocks: string[] = [];
      const atoms: Span[] = [];
      let length = 0;
      for (const record of records) {
        const block = record.map(({ field, value }) => `${field}: ${value}`).join('\n');
        if (block === '') continue;
        if (length > 0) length += 2;
        atoms.push({ start: length, end: length + block.length });
        blocks.push(block);
        length += block.length;
      }
      if (blocks.length === 0) throw new DocumentEmptyError({ source: name });
      return {
        id: name,
        source: name,
        mediaType: 'text/plain',
        text: blocks.join('\n\n'),
        atoms,
        ...(warnings.length === 0 ? {} : { warnings }),
      };
    },
  };
}

function formatOf(name: string, mediaType: string | undefined): RecordFormat | undefined {
  const type = baseMediaType(mediaType);
  if (type !== undefined && type !== 'text/plain')
    return Object.hasOwn(BY_TYPE, type) ? BY_TYPE[type] : undefined;
  const ending = endingOf(name);
  return Object.hasOwn(BY_ENDING, ending) ? BY_ENDING[ending] : undefined;
}
