import * as z from 'zod';

/** Something that a caller asked for and an adapter could not honour. */
export const warningSchema = z.object({
  /** The option concerned, `temperature`; absent when it is about the call as a whole. */
  option: z.string().optional(),
  message: z.string(),
});
export type Warning = z.infer<typeof warningSchema>;
