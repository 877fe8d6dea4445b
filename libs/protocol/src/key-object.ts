import * as z from '@espalier/core/zod';
import { timestampSchema } from './timestamp.js';

/** What a tenant may be called: it is part of file names. */
export const tenantNameSchema = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/u, {
  message:
    'Must be 1 to 64 lower-case letters, digits, ".", "_" or "-", with a letter or digit first.',
});

/** What a key may do: `admin` everything, `user` all but keys and other keys' data. */
export const keyRoleSchema = z.enum(['admin', 'user']);
export type KeyRole = z.infer<typeof keyRoleSchema>;

/** An API key, without the secret. */
export const keyObjectSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    role: keyRoleSchema,
    /** The first characters of the secret, to tell keys apart. */
    prefix: z.string(),
    /** Whose knowledge bases it sees; `null`: those that belong to no tenant. */
    tenant: z.string().nullable().default(null),
    /** As which readers it sees documents; `null`: all documents. */
    principals: z.array(z.string()).nullable().default(null),
    createdAt: timestampSchema,
    expiresAt: timestampSchema.nullable(),
    revokedAt: timestampSchema.nullable(),
  })
  .meta({ id: 'Key' });
export type KeyObject = z.infer<typeof keyObjectSchema>;

/** Body of `POST /api/v1/keys`. */
export const createKeyRequestSchema = z
  .strictObject({
    name: z.string().min(1).max(100),
    role: keyRoleSchema.optional(),
    /** Absent: it does not expire. */
    expiresAt: timestampSchema.optional(),
    /** Binds the key to the knowledge bases of one tenant. */
    tenant: tenantNameSchema.optional(),
    /** Binds the key to the documents of these readers, and to those for everybody. */
    principals: z.array(z.string().min(1).max(200)).max(1000).optional(),
  })
  .meta({ id: 'CreateKeyRequest' });
export type CreateKeyRequest = z.infer<typeof createKeyRequestSchema>;

/** A new key; the only answer that ever holds the secret. */
export const createdKeyObjectSchema = keyObjectSchema
  .extend({ key: z.string() })
  .meta({ id: 'CreatedKey' });
export type CreatedKeyObject = z.infer<typeof createdKeyObjectSchema>;
