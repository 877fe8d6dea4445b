import {
  createKeyRequestSchema,
  createdKeyObjectSchema,
  keyObjectSchema,
  pageSchema,
  type KeyObject,
} from '@espalier/protocol';
import type { AppParts } from '../composition/app-parts.js';
import { requestInvalid } from '../errors/body-errors.js';
import { keyIdUnknown, keySecretGone } from '../errors/resource-errors.js';
import { toPage } from '../http/cursor.js';
import type { ServerRoute } from '../http/define-route.js';
import { answerJson, idempotent } from '../http/idempotent.js';
import { readJsonBody } from '../http/request-body.js';
import { hashJson } from '../state/idempotency-store.js';
import { pageRequest } from './page-request.js';

const KEEP_SECRET_MS = 10 * 60 * 1000;

/** Routes that make, list and revoke API keys. */
export function keyRoutes({ keys, idempotency, limits, clock }: AppParts): ServerRoute[] {
  // Secrets for repeats of a request whose answer was lost; in memory only, and for a short time.
  const recent = new Map<string, string>();
  return [
    {
      name: 'listKeys',
      tag: 'Keys',
      summary: 'Lists the API keys, newest first, without their secrets',
      access: 'admin',
      answers: { 200: { description: 'A page of keys.', schema: pageSchema(keyObjectSchema) } },
      async handle(c) {
        const { after, limit } = pageRequest(c);
        const rows = await keys.list({ afterId: after, limit: limit + 1 });
        return c.json(toPage(rows, limit, { key: (row) => row.id, map: (row) => row }));
      },
    },
    {
      name: 'createKey',
      tag: 'Keys',
      summary: 'Makes an API key',
      description:
        'The answer is the only one that ever holds the secret, besides a repeat within ten minutes with the same Idempotency-Key.',
      access: 'admin',
      body: createKeyRequestSchema,
      takesIdempotencyKey: true,
      answers: { 201: { description: 'The key with its secret.', schema: createdKeyObjectSchema } },
      async handle(c) {
        const { raw, value } = await readJsonBody(c, createKeyRequestSchema, limits);
        const expiresAtMs = value.expiresAt === undefined ? undefined : Date.parse(value.expiresAt);
        if (expiresAtMs !== undefined && expiresAtMs <= clock.now()) {
          throw requestInvalid('body', [
            { pointer: '/expiresAt', message: 'Must be in the future.' },
          ]);
        }
        const answer = await idempotent(c, {
          store: idempotency,
          bodyHash: hashJson(raw),
          async work() {
            const { key, ...created } = await keys.create({
              name: value.name,
              role: value.role ?? 'user',
              expiresAtMs,
              scope: {
                ...(value.tenant !== undefined && { tenant: value.tenant }),
                ...(value.principals !== undefined && { principals: value.principals }),
              },
            });
            recent.set(created.id, key);
            clock.setTimer(KEEP_SECRET_MS, () => {
              recent.delete(created.id);
            });
            return { status: 201, body: { ...created } };
          },
        });
        const created = answer.body as unknown as KeyObject;
        const key = recent.get(created.id);
        if (key === undefined) throw keySecretGone(created.id);
        return answerJson(c, { ...answer, body: { ...created, key } });
      },
    },
    {
      name: 'revokeKey',
      tag: 'Keys',
      summary: 'Revokes an API key, from the next request on',
      access: 'admin',
      answers: { 200: { description: 'The revoked key.', schema: keyObjectSchema } },
      async handle(c) {
        const id = c.req.param('id') ?? '';
        const revoked = await keys.revoke(id);
        if (revoked === undefined) throw keyIdUnknown(id);
        return c.json(revoked);
      },
    },
  ];
}
