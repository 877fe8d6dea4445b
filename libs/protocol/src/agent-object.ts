import * as z from '@espalier/core/zod';

/** An agent that the server runs. */
export const agentObjectSchema = z
  .object({
    name: z.string(),
    description: z.string(),
    /** The model that answers unless a run names another. */
    modelId: z.string(),
    /** The knowledge base it reads unless a run names another; `null` when it reads none. */
    knowledgeBase: z.string().nullable(),
    tools: z.array(z.string()),
    /** Names of its rails. */
    rails: z.array(z.string()),
    isDefault: z.boolean(),
  })
  .meta({ id: 'Agent' });
export type AgentObject = z.infer<typeof agentObjectSchema>;
