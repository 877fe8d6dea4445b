import * as z from '@espalier/core/zod';
import { timestampSchema } from './timestamp.js';

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
  })
  .meta({ id: 'CreateKeyRequest' });
export type CreateKeyRequest = z.infer<typeof createKeyRequestSchema>;

/** A new key; the only answer that ever holds the secret. */
export const createdKeyObjectSchema = keyObjectSchema
  .extend({ key: z.string() })
  .meta({ id: 'CreatedKey' });
export type CreatedKeyObject = z.infer<typeof createdKeyObjectSchema>;
