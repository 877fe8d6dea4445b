import { createSeededRandom, type Random } from '@espalier/core';

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const LOWER = UPPER.toLowerCase();
const DIGITS = '0123456789';
const BASE64 = `${UPPER}${LOWER}${DIGITS}`;

/** Random characters; the same for the same seed. Made at run time, so that no file holds anything like a key. */
export function randomText(random: Random, alphabet: string, length: number): string {
  return Array.from({ length }, () =>
    alphabet.charAt(Math.floor(random.next() * alphabet.length)),
  ).join('');
}

/** One made-up secret of each format, by the category under which it must be found. */
export function makeSecrets(seed = 7): readonly (readonly [category: string, secret: string])[] {
  const random = createSeededRandom(seed);
  const some = (length: number, alphabet = BASE64): string =>
    `${randomText(random, alphabet, length - 4)}aB3d`;
  const hex = (length: number): string => randomText(random, '0123456789abcdef', length);
  const encode = (value: object): string =>
    Buffer.from(JSON.stringify(value)).toString('base64url');
  const pem = (label: string): string =>
    `-----BEGIN ${label}-----\n${Array.from({ length: 6 }, () => some(64)).join('\n')}\n-----END ${label}-----`;
  return [
    ['secret.aws-access-key', `AKIA${randomText(random, `${UPPER}234567`, 16)}`],
    ['secret.github', `ghp_${some(36)}`],
    ['secret.github', `github_pat_${some(22)}_${some(59)}`],
    ['secret.gitlab', `glpat-${some(20)}`],
    [
      'secret.slack',
      `xoxb-${randomText(random, DIGITS, 12)}-${randomText(random, DIGITS, 13)}-${some(24)}`,
    ],
    ['secret.slack-webhook', `hooks.slack.com/services/T${some(8)}/B${some(8)}/${some(24)}`],
    ['secret.stripe', `sk_live_${some(24)}`],
    ['secret.google', `AIza${some(35)}`],
    ['secret.anthropic', `sk-ant-api03-${some(93)}-${some(6)}AA`],
    ['secret.openai', `sk-proj-${some(74)}T3BlbkFJ${some(74)}`],
    ['secret.openai', `sk-${some(20)}T3BlbkFJ${some(20)}`],
    ['secret.npm', `npm_${some(36)}`],
    ['secret.pypi', `pypi-AgEIcHlwaS5vcmc${some(100)}`],
    ['secret.espalier', `esp_${some(43)}`],
    ['secret.digitalocean', `dop_v1_${hex(64)}`],
    [
      'secret.jwt',
      `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ sub: '1', iat: 1 })}.${some(43)}`,
    ],
    ['secret.private-key', pem('RSA PRIVATE KEY')],
    ['secret.private-key', pem('PRIVATE KEY')],
    ['secret.private-key', pem('OPENSSH PRIVATE KEY')],
    ['secret.assignment', some(32)],
  ];
}
