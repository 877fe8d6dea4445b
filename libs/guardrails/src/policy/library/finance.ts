import type { PolicyInput } from '../policy-schema.js';

/** For assistants beside money. */
export const financePolicy = {
  version: 1,
  name: 'finance',
  extends: 'strict',
  description: 'Strict, with card numbers blocked, bounded payments and no promises.',
  rails: [
    { id: 'pii', at: ['input', 'output', 'tool-call', 'tool-result'], actions: { card: 'block' } },
    {
      id: 'promises',
      kind: 'keywords',
      at: ['output'],
      action: 'block',
      category: 'financial-promise',
      words: [
        'guaranteed return',
        'guaranteed returns',
        'guaranteed profit',
        'risk-free return',
        'cannot lose',
        "can't lose money",
      ],
    },
  ],
  'tool-flow': {
    sinks: { pay: ['*withdraw*'] },
    budgets: [
      {
        tools: ['*pay*', '*transfer*', '*withdraw*'],
        'max-calls': 5,
        'max-sum': { argument: 'amount', max: 10_000 },
      },
    ],
  },
  ethics: {
    'disallowed-uses': [
      {
        id: 'market-abuse',
        description: 'Insider dealing, manipulation and laundering.',
        phrases: [
          'insider tip',
          'pump and dump',
          'launder money',
          'launder the money',
          'spoof orders',
          'evade sanctions',
        ],
      },
    ],
    disclosure: {
      text: 'A computer program answers here; this is no financial advice. ',
      mode: 'add',
    },
    'human-oversight': { approve: ['*trade*', '*invest*', '*transfer*', '*open_account*'] },
    escalation: { categories: ['ethics.*', 'tool-flow.*', 'card'] },
  },
  tests: [
    { name: 'a question passes', text: 'What is a bond?', expect: { action: 'allow' } },
    {
      name: 'a card number is stopped',
      text: 'My card is 4111 1111 1111 1111.',
      expect: { action: 'block', rail: 'pii', category: 'card' },
    },
    {
      name: 'a promise is stopped',
      at: 'output',
      text: 'This fund has a guaranteed return.',
      expect: { action: 'block', category: 'financial-promise' },
    },
    {
      name: 'too much is denied',
      call: { tool: 'transfer', input: { amount: 20_000 } },
      expect: { action: 'deny' },
    },
    {
      name: 'a transfer waits for a person',
      call: { tool: 'transfer', input: { amount: 20 } },
      expect: { action: 'approve' },
    },
  ],
} satisfies PolicyInput;
