import {
  UPLOAD_FIELD,
  documentObjectSchema,
  documentTextObjectSchema,
  erasureReportSchema,
  findChangedResultSchema,
  ingestReportSchema,
  jobObjectSchema,
  pageSchema,
  routePath,
  type DocumentObject,
  type DocumentTextObject,
  type EraseRequest,
  type ErasureReportObject,
  type FindChangedRequest,
  type IngestReportObject,
  type IngestRequest,
  type JobObject,
} from '@espalier/protocol';
import type { CallOptions, ResolvedOptions, WriteOptions } from '../client-options.js';
import type { ResponseSchema, Transport } from '../internal/transport.js';
import type { UploadProgress } from '../internal/upload-progress.js';
import { createPaginator, type ListOptions, type Paginator } from '../paginator.js';

/** A file to upload. */
export interface UploadFile {
  /** Relative path or URI; the document's id in its knowledge base. */
  readonly source: string;
  /** A browser's `File` is a `Blob` too. */
  readonly data: Blob | Uint8Array<ArrayBuffer> | string;
  /** Default: the blob's own type, or what the server tells by the name's ending. */
  readonly mediaType?: string;
}

/** An upload of files into a knowledge base. */
export interface UploadOptions extends WriteOptions {
  readonly knowledgeBase: string;
  readonly files: readonly UploadFile[];
  /** Makes the knowledge base where it does not exist. */
  readonly create?: boolean;
  /** Called as bytes leave; begins again from 0 when the upload is repeated. */
  readonly onProgress?: (progress: UploadProgress) => void;
}

/** An ingest of documents given as JSON, with metadata, readers and pruning. */
export interface IngestOptions extends IngestRequest, WriteOptions {
  readonly knowledgeBase: string;
  /** Makes the knowledge base where it does not exist. */
  readonly create?: boolean;
}

/** Names one document. */
export interface DocumentReference extends CallOptions {
  readonly knowledgeBase: string;
  readonly id: string;
}

/** The documents of knowledge bases. */
export interface Documents {
  list(options: { knowledgeBase: string } & ListOptions): Paginator<DocumentObject>;
  /** Returns a document with its text; spans of citations refer to it. */
  get(options: DocumentReference): Promise<DocumentTextObject>;
  delete(options: DocumentReference): Promise<void>;
  /**
   * Removes documents so that no byte of them is left on the server's disk, and tells what was erased where.
   */
  erase(
    options: { knowledgeBase: string } & EraseRequest & WriteOptions,
  ): Promise<ErasureReportObject>;
  /** Those of the documents, by hash, that an upload would change; lets a client send only them. */
  findChanged(
    options: { knowledgeBase: string } & FindChangedRequest & CallOptions,
  ): Promise<readonly string[]>;
  /** Sends files and returns what became of them, after all are indexed. Unchanged files cost nothing. */
  upload(options: UploadOptions): Promise<IngestReportObject>;
  /** Sends files and returns as soon as they are stored; `jobs.wait` tells when they are indexed. */
  uploadInBackground(options: UploadOptions): Promise<JobObject>;
  /** As `upload`, with documents given as text or base64. */
  ingest(options: IngestOptions): Promise<IngestReportObject>;
  /** As `uploadInBackground`, with documents given as text or base64. */
  ingestInBackground(options: IngestOptions): Promise<JobObject>;
}

export function createDocuments(transport: Transport, options: ResolvedOptions): Documents {
  function upload<Answer>(
    request: UploadOptions,
    schema: ResponseSchema<Answer>,
    isAsync: boolean,
  ): Promise<Answer> {
    return transport.json(
      {
        route: 'ingestDocuments',
        path: routePath('ingestDocuments', { name: request.knowledgeBase }),
        query: queryOf(isAsync, request.create),
        form: formOf(request.files),
        abortSignal: request.abortSignal,
        timeoutMs: request.timeoutMs ?? options.longTimeoutMs,
        idempotencyKey: request.idempotencyKey,
        onUploadProgress: request.onProgress,
      },
      schema,
    );
  }

  function ingest<Answer>(
    request: IngestOptions,
    schema: ResponseSchema<Answer>,
    isAsync: boolean,
  ): Promise<Answer> {
    const { knowledgeBase, create, abortSignal, timeoutMs, idempotencyKey, ...body } = request;
    return transport.json(
      {
        route: 'ingestDocuments',
        path: routePath('ingestDocuments', { name: knowledgeBase }),
        query: queryOf(isAsync, create),
        json: body,
        abortSignal,
        timeoutMs: timeoutMs ?? options.longTimeoutMs,
        idempotencyKey,
      },
      schema,
    );
  }

  return {
    list: ({ knowledgeBase, ...list }) =>
      createPaginator({
        transport,
        request: {
          route: 'listDocuments',
          path: routePath('listDocuments', { name: knowledgeBase }),
        },
        schema: pageSchema(documentObjectSchema),
        list,
      }),
    get: ({ knowledgeBase, id, abortSignal, timeoutMs }) =>
      transport.json(
        {
          route: 'getDocument',
          path: routePath('getDocument', { name: knowledgeBase, id }),
          abortSignal,
          timeoutMs,
        },
        documentTextObjectSchema,
      ),
    erase: ({ knowledgeBase, abortSignal, timeoutMs, idempotencyKey, ...body }) =>
      transport.json(
        {
          route: 'eraseDocuments',
          path: routePath('eraseDocuments', { name: knowledgeBase }),
          json: body,
          abortSignal,
          timeoutMs: timeoutMs ?? options.longTimeoutMs,
          idempotencyKey,
        },
        erasureReportSchema,
      ),
    async findChanged({ knowledgeBase, abortSignal, timeoutMs, ...body }) {
      const { changed } = await transport.json(
        {
          route: 'findChangedDocuments',
          path: routePath('findChangedDocuments', { name: knowledgeBase }),
          json: body,
          abortSignal,
          timeoutMs,
        },
        findChangedResultSchema,
      );
      return changed;
    },
    delete: ({ knowledgeBase, id, abortSignal, timeoutMs }) =>
      transport.empty({
        route: 'deleteDocument',
        path: routePath('deleteDocument', { name: knowledgeBase, id }),
        abortSignal,
        timeoutMs,
      }),
    upload: (request) => upload(request, ingestReportSchema, false),
    uploadInBackground: (request) => upload(request, jobObjectSchema, true),
    ingest: (request) => ingest(request, ingestReportSchema, false),
    ingestInBackground: (request) => ingest(request, jobObjectSchema, true),
  };
}

function queryOf(isAsync: boolean, create: boolean | undefined): Record<string, string> {
  return { ...(isAsync ? { async: 'true' } : {}), ...(create === true ? { create: 'true' } : {}) };
}

function formOf(files: readonly UploadFile[]): FormData {
  const form = new FormData();
  for (const file of files) {
    const blob =
      file.data instanceof Blob && file.mediaType === undefined
        ? file.data
        : new Blob([file.data], file.mediaType === undefined ? {} : { type: file.mediaType });
    form.append(UPLOAD_FIELD, blob, file.source);
  }
  return form;
}
