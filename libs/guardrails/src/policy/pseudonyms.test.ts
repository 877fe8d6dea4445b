import { concealMessages, type Guardrails } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { guardInPieces } from '../__fixtures__/guard-in-pieces.js';
import { compilePolicy } from './compile-policy.js';

const guardrailsOf = async (rail: string): Promise<Guardrails> =>
  (
    await compilePolicy({
      source: `version: 1\nname: vault\nrails:\n  - { id: pii, kind: pii, ${rail} }`,
    })
  ).guardrails;
const PSEUDONYMS = `at: [input, output, tool-call, tool-result], operators: { "*": { type: pseudonym } }`;
const ANSWER = 'I wrote to [EMAIL_1] and [EMAIL_2], not to [EMAIL_3] or new@example.net.';
const RESTORED =
  'I wrote to jane@example.org and bob@example.com, not to [EMAIL_3] or [redacted:email].';

describe('a policy with pseudonyms', () => {
  it('shows the model pseudonyms and the user the originals, however the answer is split', async () => {
    const guardrails = await guardrailsOf(PSEUDONYMS);
    const conversation = guardrails.openConversation?.() ?? guardrails;
    const asked = await conversation.check({
      point: 'input',
      text: 'Write to jane@example.org and bob@example.com; Jane is JANE@example.org.',
    });
    expect(asked.text).toBe('Write to [EMAIL_1] and [EMAIL_2]; Jane is [EMAIL_1].');
    for (let cut = 0; cut <= ANSWER.length; cut += 1) {
      const pieces = [ANSWER.slice(0, cut), ANSWER.slice(cut)];
      expect((await guardInPieces(conversation, pieces)).text).toBe(RESTORED);
    }
    expect((await guardInPieces(conversation, [...ANSWER])).text).toBe(RESTORED);
  });

  it('knows nobody outside of the conversation', async () => {
    const guardrails = await guardrailsOf(PSEUDONYMS);
    const conversation = guardrails.openConversation?.() ?? guardrails;
    await conversation.check({ point: 'input', text: 'jane@example.org' });
    const other = guardrails.openConversation?.() ?? guardrails;
    expect((await other.check({ point: 'output', text: '[EMAIL_1]' })).text).toBe('[EMAIL_1]');
    expect((await guardrails.check({ point: 'input', text: 'jane@example.org' })).text).toBe(
      '[redacted:email]',
    );
  });

  it('takes out again what answers were given back, in text and in calls', async () => {
    const guardrails = await guardrailsOf(PSEUDONYMS);
    const conversation = guardrails.openConversation?.() ?? guardrails;
    await conversation.check({ point: 'input', text: 'jane@example.org' });
    const call = { type: 'tool-call', toolCallId: 'a', toolName: 'send' } as const;
    const [turn] = await concealMessages(conversation, [
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'I write to jane@example.org.' },
          { ...call, input: { to: ['jane@example.org'], copies: 2 } },
        ],
      },
    ]);
    expect(turn?.content).toEqual([
      { type: 'text', text: 'I write to [EMAIL_1].' },
      { ...call, input: { to: ['[EMAIL_1]'], copies: 2 } },
    ]);
  });

  it('gives tools the originals where the policy says so, as valid JSON', async () => {
    const guardrails = await guardrailsOf(
      `${PSEUDONYMS}, restore-at: [tool-call], tagger: true, categories: [person, email]`,
    );
    const conversation = guardrails.openConversation?.() ?? guardrails;
    const text = 'My name is Jane Miller, I live with Peter Stone. Write to jane@example.org.';
    const asked = await conversation.check({ point: 'input', text });
    expect(asked.text).not.toMatch(/Jane|Miller|Stone|example/);
    const called = await conversation.check({
      point: 'tool-call',
      text: JSON.stringify({ to: '[EMAIL_1]', who: '[PERSON_1]' }),
    });
    expect(JSON.parse(called.text)).toEqual({ to: 'jane@example.org', who: 'Jane Miller' });
    expect((await conversation.check({ point: 'output', text: 'For [EMAIL_1].' })).text).toBe(
      'For [EMAIL_1].',
    );
  });

  it('changes nothing in dry run', async () => {
    const guardrails = await guardrailsOf(`${PSEUDONYMS}, mode: dry-run`);
    const conversation = guardrails.openConversation?.() ?? guardrails;
    const asked = await conversation.check({ point: 'input', text: 'jane@example.org' });
    expect(asked.text).toBe('jane@example.org');
    expect((await conversation.conceal?.('jane@example.org')) ?? 'jane@example.org').toBe(
      'jane@example.org',
    );
  });

  it('is refused where it puts back what nothing takes out', async () => {
    await expect(guardrailsOf('restore-at: [output]')).rejects.toMatchObject({
      code: 'ERR_GUARDRAILS_POLICY_INVALID',
    });
  });
});
