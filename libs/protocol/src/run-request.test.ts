import { describe, expect, it } from 'vitest';
import { createRunRequestSchema } from './run-request.js';

describe('createRunRequestSchema', () => {
  it('takes a question or a conversation', () => {
    expect(createRunRequestSchema.safeParse({ input: 'Why?' }).success).toBe(true);
    expect(
      createRunRequestSchema.safeParse({
        messages: [{ role: 'user', content: [{ type: 'text', text: 'Why?' }] }],
      }).success,
    ).toBe(true);
  });

  it('refuses both, neither, and members it does not know', () => {
    expect(createRunRequestSchema.safeParse({}).success).toBe(false);
    expect(createRunRequestSchema.safeParse({ input: 'a', messages: [] }).success).toBe(false);
    expect(createRunRequestSchema.safeParse({ input: 'a', modle: 'x' }).success).toBe(false);
  });
});
