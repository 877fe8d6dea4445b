import { UPLOAD_FIELD, ingestRequestSchema, type IngestRequest } from '@espalier/protocol';
import { bodyMediaType, requestInvalid } from '../errors/body-errors.js';
import { RequestError } from '../errors/request-error.js';
import {
  mediaTypeOf,
  readJsonBody,
  readRequestBytes,
  type RequestLimits,
} from '../http/request-body.js';
import type { ServerContext } from '../http/server-variables.js';
import { checkDocumentName } from '../knowledge/check-document-name.js';
import type { UploadedDocument } from '../knowledge/upload-spool.js';
import { hashJson, hashParts } from '../state/idempotency-store.js';

/** Documents that a request brought. */
export interface Upload {
  readonly documents: readonly UploadedDocument[];
  readonly prune: IngestRequest['prune'];
  readonly bodyHash: string;
}

/** Reads documents from a JSON body or from the files of a form. */
export async function readUpload(c: ServerContext, limits: RequestLimits): Promise<Upload> {
  const mediaType = mediaTypeOf(c);
  if (mediaType === 'application/json') return readJsonUpload(c, limits);
  if (mediaType === 'multipart/form-data') return readFormUpload(c, limits);
  throw bodyMediaType(c.req.header('content-type'), 'application/json or multipart/form-data');
}

async function readJsonUpload(c: ServerContext, limits: RequestLimits): Promise<Upload> {
  const { raw, value } = await readJsonBody(c, ingestRequestSchema, limits);
  const documents = value.documents.map((document) => ({
    source: checkDocumentName(document.source),
    bytes:
      document.text === undefined
        ? Buffer.from(document.base64 ?? '', 'base64')
        : Buffer.from(document.text.toWellFormed(), 'utf8'),
    mediaType: document.mediaType,
    metadata: document.metadata,
    principals: document.principals,
  }));
  return { documents, prune: value.prune, bodyHash: hashJson(raw) };
}

async function readFormUpload(c: ServerContext, limits: RequestLimits): Promise<Upload> {
  const bytes = await readRequestBytes(c, limits);
  const contentType = c.req.header('content-type') ?? '';
  let form: FormData;
  try {
    form = await new Response(new Uint8Array(bytes), {
      headers: { 'content-type': contentType },
    }).formData();
  } catch (error) {
    throw new RequestError({
      code: 'ERR_SERVER_FORM_INVALID',
      status: 400,
      message:
        'The request body is not a valid multipart form. Send one, with its boundary in content-type.',
      cause: error,
    });
  }
  const documents: UploadedDocument[] = [];
  for (const entry of form.getAll(UPLOAD_FIELD)) {
    if (typeof entry === 'string') continue;
    documents.push({
      source: checkDocumentName(entry.name),
      bytes: new Uint8Array(await entry.arrayBuffer()),
      mediaType:
        entry.type === '' || entry.type === 'application/octet-stream' ? undefined : entry.type,
    });
  }
  if (documents.length === 0) {
    throw requestInvalid('body', [
      {
        pointer: `/${UPLOAD_FIELD}`,
        message: `Must hold at least one file under "${UPLOAD_FIELD}".`,
      },
    ]);
  }
  const parts = documents.map(({ source, bytes: part }) => ({ name: source, bytes: part }));
  return { documents, prune: undefined, bodyHash: hashParts(parts) };
}
