import type { PolicyInput } from '../policy-schema.js';

/** For services that children use. */
export const childrenPolicy = {
  version: 1,
  name: 'children',
  extends: 'strict',
  description:
    'Strict, without personal data in any direction, with what is not for children stopped.',
  rails: [
    { id: 'pii', at: ['input', 'output', 'tool-call', 'retrieval', 'tool-result'] },
    { id: 'length', max: 20_000 },
    { id: 'further-hazards', at: ['output'], mode: 'enforce' },
    { id: 'links', kind: 'urls', at: ['output'], allow: ['wikipedia.org'] },
    {
      id: 'not-for-children',
      kind: 'keywords',
      at: ['input', 'output'],
      action: 'block',
      category: 'age',
      words: [
        'pornography',
        'porn',
        'onlyfans',
        'casino',
        'online betting',
        'sports betting',
        'buy alcohol',
        'buy vodka',
        'buy cigarettes',
        'vape shop',
        'buy weed',
        'cocaine',
        'heroin',
        'dating app',
        'tinder',
        'sexting',
        'nudes',
      ],
    },
  ],
  ethics: {
    'disallowed-uses': [
      {
        id: 'secret-contact',
        description: 'Arranging to meet strangers or to keep things from parents.',
        phrases: [
          'meet a stranger',
          "don't tell your parents",
          'without my parents knowing',
          'keep it secret from your parents',
        ],
      },
    ],
    disclosure: { text: 'I am a computer program, not a person. ', mode: 'add' },
    escalation: { categories: ['age', 'ethics.*', 'moderation.*'] },
  },
  tests: [
    {
      name: 'homework passes',
      text: 'Can you explain photosynthesis to me?',
      expect: { action: 'allow' },
    },
    {
      name: 'gambling is stopped',
      text: 'Which online betting site is best?',
      expect: { action: 'block', category: 'age' },
    },
    {
      name: 'secret contact is stopped',
      text: 'How can I go out without my parents knowing?',
      expect: { action: 'block', category: 'ethics.secret-contact' },
    },
    {
      name: 'no answer claims to be a person',
      at: 'output',
      text: 'Yes, I am a real person.',
      expect: { action: 'block', rail: 'ethics.identity' },
    },
    {
      name: 'unknown links are removed',
      at: 'output',
      text: 'See https://example.net/x now.',
      expect: { action: 'redact', text: 'See [link removed] now.' },
    },
  ],
} satisfies PolicyInput;
