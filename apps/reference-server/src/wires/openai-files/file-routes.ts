import type { OpenAPIHono } from '@hono/zod-openapi';
import { fileUnknown } from '../../errors/training-errors.js';
import { readRequestBytes } from '../../http/request-body.js';
import type { ServerContext, ServerEnv } from '../../http/server-variables.js';
import type { FileStore, StoredUpload } from '../../training/file-store.js';
import { openaiHandler, type OpenAIRouteContext } from '../openai-routes.js';
import { invalidRequest } from '../wire-error.js';

const PURPOSE = 'fine-tune';
const DEFAULT_LIMIT = 10_000;

/** `/v1/files`: uploads for fine-tuning. */
export function mountFileRoutes(
  app: OpenAPIHono<ServerEnv>,
  context: OpenAIRouteContext & { readonly files: FileStore },
): void {
  const { files, limits } = context;
  const fileOf = async (c: ServerContext, keyId: string): Promise<StoredUpload> => {
    const id = c.req.param('id') ?? '';
    const file = await files.get(id, keyId);
    if (file === undefined) throw fileUnknown(id);
    return file;
  };
  app.post(
    '/v1/files',
    openaiHandler(context, async (c, { keyId }) => {
      const form = await readForm(c, limits);
      const purpose = form.get('purpose');
      if (purpose !== PURPOSE)
        throw invalidRequest(
          `"purpose" must be "${PURPOSE}": files serve nothing else here.`,
          'purpose',
        );
      const file = form.get('file');
      if (file === null || typeof file === 'string')
        throw invalidRequest('"file" must be a file.', 'file');
      const content = new Uint8Array(await file.arrayBuffer());
      if (content.length === 0) throw invalidRequest('The file is empty.', 'file');
      return toFile(await files.put({ keyId, name: file.name, purpose, content }));
    }),
  );
  app.get(
    '/v1/files',
    openaiHandler(context, async (c, { keyId }) => {
      const limit = Math.min(Number(c.req.query('limit') ?? DEFAULT_LIMIT), DEFAULT_LIMIT);
      if (!Number.isInteger(limit) || limit < 1)
        throw invalidRequest('"limit" must be a whole number from 1 to 10000.', 'limit');
      const found = await files.list({
        keyId,
        purpose: c.req.query('purpose'),
        afterId: c.req.query('after'),
        isOldestFirst: c.req.query('order') === 'asc',
        limit: limit + 1,
      });
      const data = found.slice(0, limit).map(toFile);
      return {
        object: 'list',
        data,
        first_id: data[0]?.id ?? '',
        last_id: data.at(-1)?.id ?? '',
        has_more: found.length > limit,
      };
    }),
  );
  app.get(
    '/v1/files/:id',
    openaiHandler(context, async (c, { keyId }) => toFile(await fileOf(c, keyId))),
  );
  app.get(
    '/v1/files/:id/content',
    openaiHandler(context, async (c, { keyId }) => {
      const { id } = await fileOf(c, keyId);
      return c.body(new Uint8Array(await files.read(id)), 200, {
        'content-type': 'application/octet-stream',
      });
    }),
  );
  app.delete(
    '/v1/files/:id',
    openaiHandler(context, async (c, { keyId }) => {
      const { id } = await fileOf(c, keyId);
      await files.remove(id);
      return { id, object: 'file', deleted: true };
    }),
  );
}

function toFile({ id, name, bytes, purpose, createdAtMs }: StoredUpload) {
  return {
    id,
    object: 'file',
    bytes,
    created_at: Math.floor(createdAtMs / 1000),
    filename: name,
    purpose,
    status: 'processed',
  };
}

async function readForm(c: ServerContext, limits: OpenAIRouteContext['limits']): Promise<FormData> {
  const bytes = await readRequestBytes(c, limits);
  try {
    return await new Response(new Uint8Array(bytes), {
      headers: { 'content-type': c.req.header('content-type') ?? '' },
    }).formData();
  } catch {
    throw invalidRequest(
      'The body is not a valid multipart form with its boundary in content-type.',
    );
  }
}
