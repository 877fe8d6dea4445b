import * as z from '@espalier/core/zod';

/** A model that the server offers; `id` is what `model` of a run or of a `/v1` request takes. */
export const modelObjectSchema = z
  .object({
    id: z.string(),
    kind: z.enum(['agent', 'language-model', 'embedding-model']),
    provider: z.string(),
    description: z.string().optional(),
    /** Whether it answers when a request names none. */
    isDefault: z.boolean(),
    contextTokens: z.int().optional(),
    supportsTools: z.boolean().optional(),
    supportsImages: z.boolean().optional(),
    dimension: z.int().optional(),
  })
  .meta({ id: 'Model' });
export type ModelObject = z.infer<typeof modelObjectSchema>;
