import {
  ROUTES,
  createdKeyObjectSchema,
  keyObjectSchema,
  pageSchema,
  routePath,
  type CreateKeyRequest,
  type CreatedKeyObject,
  type KeyObject,
} from '@espalier/protocol';
import type { CallOptions, WriteOptions } from '../client-options.js';
import type { Transport } from '../internal/transport.js';
import { createPaginator, type ListOptions, type Paginator } from '../paginator.js';

/** API keys; only an admin key may manage them. */
export interface Keys {
  list(options?: ListOptions): Paginator<KeyObject>;
  /** Makes a key. `key` in the answer is the secret; no later answer holds it. */
  create(options: CreateKeyRequest & WriteOptions): Promise<CreatedKeyObject>;
  revoke(options: { id: string } & CallOptions): Promise<void>;
}

export function createKeys(transport: Transport): Keys {
  return {
    list: (list) =>
      createPaginator({
        transport,
        request: { route: 'listKeys', path: ROUTES.listKeys.path },
        schema: pageSchema(keyObjectSchema),
        list,
      }),
    create: ({ abortSignal, timeoutMs, idempotencyKey, ...body }) =>
      transport.json(
        {
          route: 'createKey',
          path: ROUTES.createKey.path,
          json: body,
          abortSignal,
          timeoutMs,
          idempotencyKey,
        },
        createdKeyObjectSchema,
      ),
    revoke: ({ id, abortSignal, timeoutMs }) =>
      transport.empty({
        route: 'revokeKey',
        path: routePath('revokeKey', { id }),
        abortSignal,
        timeoutMs,
      }),
  };
}
