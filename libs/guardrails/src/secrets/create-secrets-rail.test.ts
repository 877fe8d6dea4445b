import { describeRailConformance } from '@espalier/testing/conformance';
import { describe, expect, it } from 'vitest';
import { guardInPieces } from '../__fixtures__/guard-in-pieces.js';
import { makeSecrets } from '../__fixtures__/make-secrets.js';
import { createGuardrails } from '../create-guardrails.js';
import { createSecretsRail } from './create-secrets-rail.js';

const guardrails = createGuardrails({ rails: [createSecretsRail()] });
const redact = async (text: string): Promise<string> =>
  (await guardrails.check({ point: 'output', text })).text;
const secrets = makeSecrets();
const known = secrets.filter(([category]) => category !== 'secret.assignment');
const secretOf = (wanted: string): string =>
  secrets.find(([category]) => category === wanted)?.[1] ?? '';
const random = secretOf('secret.assignment');

describeRailConformance('createSecretsRail', {
  create: () => createSecretsRail(),
  samples: [
    {
      text: 'A task-force token: see the password policy, disk-usage and api_key=<your key>.',
      action: 'allow',
    },
    { text: `Use ${secretOf('secret.github')} here, or password="${random}".`, action: 'redact' },
    { text: `${secretOf('secret.private-key')}\nand ${secretOf('secret.jwt')}.`, action: 'redact' },
  ],
});

describe('the secrets rail finds', () => {
  it.each(known)('%s wherever a word may stand', async (category, secret) => {
    const placeholder = `[redacted:${category}]`;
    expect(await redact(`Key: ${secret}.`)).toBe(`Key: ${placeholder}.`);
    expect(await redact(`"${secret}",`)).toBe(`"${placeholder}",`);
    expect(await redact(`https://x.example/?k=${secret}&b`)).toBe(
      `https://x.example/?k=${placeholder}&b`,
    );
    expect(await redact(secret)).toBe(placeholder);
  });

  it.each([
    ['DB_PASSWORD=@', 'DB_PASSWORD=#'],
    ['{"apiKey": "@", "x": 1}', '{"apiKey": "#", "x": 1}'],
    ['aws_secret_access_key = @\n', 'aws_secret_access_key = #\n'],
    ["client-secret => '@'", "client-secret => '#'"],
    ['Token: @', 'Token: #'],
    ['privateKey := `@`', 'privateKey := `#`'],
  ])('a random value in %s', async (text, expected) => {
    expect(await redact(text.replace('@', random))).toBe(
      expected.replace('#', '[redacted:secret.assignment]'),
    );
  });

  it('a password in a URL, and nothing else of it', async () => {
    expect(await redact('postgres://app:hunter22@db.example:5432/x')).toBe(
      'postgres://app:[redacted:secret.url-credentials]@db.example:5432/x',
    );
  });

  it('a private key that is cut off, or written with escaped line breaks', async () => {
    const pem = secretOf('secret.private-key');
    expect(await redact(`x ${pem.slice(0, 200)}`)).toBe('x [redacted:secret.private-key]');
    expect(await redact(JSON.stringify({ pem }))).toBe('{"pem":"[redacted:secret.private-key]"}');
  });

  it('the specific format where a name speaks for a secret too', async () => {
    expect(await redact(`api_key=${secretOf('secret.anthropic')}`)).toBe(
      'api_key=[redacted:secret.anthropic]',
    );
  });
});

describe('the secrets rail lets through', () => {
  it.each([
    [
      'words that look like prefixes',
      'task-force, ask-me, risk-free, desk-lamp, sk-, ghp_, AKIA, npm_config_cache, esp_, eyJ',
    ],
    [
      'prefixes followed by words',
      'sk-learn-and-other-tools-for-everyone npm_lifecycle_event_of_the_package_manager glpat-like',
    ],
    [
      'names without values',
      'Set the password: then press enter. token = ; secret: "" apiKey=null',
    ],
    [
      'placeholders',
      'password=xxxxxxxxxxxx api_key="your-api-key-123456" token=${GITHUB_TOKEN_V2} secret=EXAMPLE1234567890abc',
    ],
    ['references', 'apiKey: process.env.OPENAI_API_KEY2, password = os.environ["X1"]'],
    ['words after names', 'password: correcthorsebatterystaple, secret: internationalisation'],
    [
      'a UUID, a hash and a URL',
      '550e8400-e29b-41d4-a716-446655440000 9f86d081884c7d659a2feaa0c55ad015 https://a.example:80/x@y',
    ],
    ['public PEM blocks', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----'],
    ['three dotted segments', 'eyJhbGc.eyJzdWI.c2ln and a.b.c'],
    ['hidden passwords in URLs', 'https://user:***@host.example https://user:$PASS@host.example'],
  ])('%s', async (_, text) => {
    expect(await redact(text)).toBe(text);
  });
});

describe('the secrets rail', () => {
  it('takes an action and a replacement by category', async () => {
    const strict = createGuardrails({
      rails: [
        createSecretsRail({
          actions: { 'secret.private-key': 'block', 'secret.jwt': 'allow' },
          replacement: () => '***',
        }),
      ],
    });
    const jwt = secretOf('secret.jwt');
    expect((await strict.check({ point: 'input', text: jwt })).text).toBe(jwt);
    expect((await strict.check({ point: 'input', text: `a ${secretOf('secret.npm')}` })).text).toBe(
      'a ***',
    );
    expect(
      await strict.check({ point: 'tool-call', text: secretOf('secret.private-key') }),
    ).toMatchObject({
      isBlocked: true,
      reason: 'The text holds secrets: secret.private-key.',
    });
  });

  it('stops a stream before the first character of what it blocks', async () => {
    const strict = createGuardrails({ rails: [createSecretsRail({ action: 'block' })] });
    const { text, isBlocked } = await guardInPieces(
      strict,
      `The key is ${secretOf('secret.stripe')} ok`.split(''),
    );
    expect(isBlocked).toBe(true);
    expect(text).toBe('The key is ');
  });

  it('looks at no character of a long text more than a bounded number of times', async () => {
    const rail = createSecretsRail();
    let seen = 0;
    const counting = createGuardrails({
      rails: [
        {
          ...rail,
          check(check) {
            seen += check.text.length;
            return rail.check(check);
          },
        },
      ],
    });
    const text = `${'Plain words go by, 12 at a time. '.repeat(200)}${secretOf('secret.private-key')}${'x'.repeat(3000)}`;
    await guardInPieces(counting, text.split(''));
    expect(seen).toBeLessThan(text.length * 640);
  });
});
