import { readFileSync } from 'node:fs';
import { createSeededRandom } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { samplePattern } from '../__fixtures__/sample-pattern.js';
import { createSecretScanner } from './find-secrets.js';
import { secretRuleIds } from './secret-finders.js';

const reference = JSON.parse(
  readFileSync(new URL('./__fixtures__/gitleaks-rules.json', import.meta.url), 'utf8'),
) as readonly { id: string; regex?: string; keywords?: readonly string[] }[];
const own = new Set(secretRuleIds());
const scanner = createSecretScanner();

/** Rules of the list that another rule finds, by the rule's id here. */
const COVERED_BY: Readonly<Record<string, string>> = {
  'freemius-secret-key': 'generic-api-key',
  'gitlab-pat-routable': 'gitlab-pat',
  'gitlab-runner-authentication-token-routable': 'gitlab-runner-authentication-token',
  'sidekiq-sensitive-url': 'url-credentials',
  'slack-legacy-bot-token': 'slack-bot-token',
};
/** Rules here that the list has not, or has as one with another. */
const OWN = new Set([
  'atlassian-server-token',
  'aws-legacy-access-token',
  'clojars-api-token-lower',
  'duffel-test-api-token',
  'espalier-api-key',
  'flyio-macaroon-token',
  'gcp-oauth-access-token',
  'gcp-oauth-client-secret',
  'openai-legacy-api-key',
  'shippo-test-api-token',
  'sourcegraph-legacy-token',
  'stripe-webhook-secret',
  'url-credentials',
  'vault-legacy-token',
]);

const ROUNDS = 30;
const random = createSeededRandom(23);
const some = (pattern: string): string => samplePattern(pattern, random);
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const jwt = ['{"alg":"HS256","typ":"JWT"}', '{"sub":"17","iat":1}', some('[a-zA-Z0-9]{32}')]
  .map((part) => Buffer.from(part).toString('base64url'))
  .join('.');

/** Written out where texts made from the pattern would not look like anything that exists. */
const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  'curl-auth-header': [
    `curl -X POST -H "Authorization: Bearer ${some('[a-zA-Z0-9]{30}')}" https://api.example`,
    `curl -H 'Authorization: Basic ${base64('someone:s3cretPhrase')}' https://api.example`,
    `"authorization": "Token ${some('[a-f0-9]{40}')}"`,
  ],
  'curl-auth-user': [
    'curl -u deploy:h4rdToGuess https://api.example',
    'curl --silent https://api.example --user "deploy:h4rdToGuess" -o x',
  ],
  'hashicorp-tf-password': ['administrator_login_password = "9gfm1x_8"'],
  'generic-api-key': [
    `api_key = "${some('[a-zA-Z0-9]{32}')}"`,
    `"accessKey": "${some('[a-zA-Z0-9]{40}')}"`,
    `auth=${some('[a-f0-9]{40}')}`,
    `SIGNING_KEY: ${some('[a-zA-Z0-9+/]{44}')}`,
    'creds: "a8Gf-20kfQ-77sPz"',
    'DB_PASSWORD=hunter22x',
  ],
  'freemius-secret-key': [`"secret_key"  => 'sk_${some('[a-zA-Z0-9]{29}')}'`],
  jwt: [jwt, `token ${jwt};`],
  'jwt-base64': [base64(jwt)],
  'kubernetes-secret-yaml': [
    `apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\ndata:\n  password: ${base64('s3cretPhrase!')}\n`,
    `apiVersion: v1\ndata:\n  blob: ${base64('s3cretPhrase!')}\nkind: Secret\n`,
  ],
  'nuget-config-password': ['<add key="ClearTextPassword" value="h4rdToGuess" />'],
  'pkcs12-file': [`file: MIIJzwIBAzCCCYUGCSqGSIb3DQEHAaCCCXYEggly${some('[a-zA-Z0-9]{64}')}`],
  'private-key': ['RSA ', 'EC ', 'OPENSSH ', 'ENCRYPTED ', ''].map(
    (kind) =>
      `-----BEGIN ${kind}PRIVATE KEY-----\n${some('[a-zA-Z0-9+/]{64}')}\n-----END ${kind}PRIVATE KEY-----`,
  ),
};

/** The list allows for any signs between a name and a value; texts have those that people write. */
function asWritten(pattern: string): string {
  const anySigns = String.raw`(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}`;
  const anyName = String.raw`[\w.-]{0,50}?`;
  return pattern
    .replaceAll(
      anySigns,
      String.raw`(?:|_key|_TOKEN|-id| secret|\.api\.key)(?:=| = |: |": "|' => '| := \x60|', ')`,
    )
    .replaceAll(anyName, '(?:|my_|APP_)');
}

describe('the rules for secrets', () => {
  it('cover each rule of the reference list, and no rule is unknown to both lists', () => {
    const ids = reference.map(({ id }) => id);
    expect(ids).toHaveLength(222);
    expect(ids.filter((id) => !own.has(COVERED_BY[id] ?? id))).toEqual([]);
    expect([...own].filter((id) => !ids.includes(id) && !OWN.has(id))).toEqual([]);
    expect(own.size).toBe(secretRuleIds().length);
  });

  it.each(
    reference.flatMap((rule) =>
      rule.regex === undefined || rule.id in EXAMPLES
        ? []
        : [[rule.id, rule.regex, rule.keywords ?? []] as const],
    ),
  )('find what fits %s', (id, regex, keywords) => {
    const random = createSeededRandom(17);
    const missed: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const sample = samplePattern(asWritten(regex), random);
      const isNamed = keywords.some((keyword) => sample.toLowerCase().includes(keyword));
      const text = isNamed ? sample : `${keywords.at(-1) ?? ''}: ${sample}`;
      if (scanner.find(text).length === 0) missed.push(text);
    }
    expect(missed.length, `${id}: ${missed[0] ?? ''}`).toBeLessThanOrEqual(1);
  });

  it.each(Object.entries(EXAMPLES))('find what %s is about', (id, texts) => {
    for (const text of texts) {
      expect(
        scanner.find(text).map(({ rule }) => rule),
        text,
      ).toEqual([COVERED_BY[id] ?? id]);
    }
  });
});
