import { entropyOf } from './entropy.js';

/** A key format that is known by how it begins. */
export interface TokenRule {
  /** Unique among all secret rules. */
  readonly id: string;
  readonly category: string;
  readonly prefixes: readonly string[];
  /** What may follow the prefix; sticky, and bounded by one more than `max`. */
  readonly body: RegExp;
  /** Lengths of what follows the prefix. */
  readonly min: number;
  readonly max: number;
  /** A further condition on what follows the prefix. */
  readonly accepts: (body: string) => boolean;
  /** Whether the prefix is a name and not a part of the secret. */
  readonly isNamed: boolean;
}

const hasDigit = (body: string): boolean => /[0-9]/.test(body);
/** Bits per character that the bodies of most formats exceed by far, and words do not with a digit among them. */
const entropic =
  (least: number) =>
  (body: string): boolean =>
    entropyOf(body) >= least;
const isRandom = (body: string): boolean => hasDigit(body) && entropyOf(body) >= 3;
const always = (): boolean => true;
const shaped =
  (shape: RegExp, least = 2) =>
  (body: string): boolean =>
    shape.test(body) && entropyOf(body) >= least;

/** Vendors whose names are two words. */
const TWO_WORDS = /^(?:new-relic|defined-networking|microsoft-teams)/;

/** The vendor in a rule's id. */
export function vendorOf(id: string): string {
  return TWO_WORDS.exec(id)?.[0] ?? id.split('-', 1)[0] ?? id;
}

type Lengths = number | readonly [number, number];

function rule(
  id: string,
  prefixes: string | readonly string[],
  characters: string,
  lengths: Lengths,
  accepts: (body: string) => boolean = isRandom,
  vendor?: string,
): TokenRule {
  const [min, max] = typeof lengths === 'number' ? [lengths, lengths] : lengths;
  return {
    id,
    category: `secret.${vendor ?? vendorOf(id)}`,
    prefixes: typeof prefixes === 'string' ? [prefixes] : prefixes,
    body: new RegExp(`[${characters}]{0,${max + 1}}`, 'y'),
    min,
    max,
    accepts,
    isNamed: false,
  };
}

const HEX = 'a-f0-9';
const ANY_HEX = 'a-fA-F0-9';
const WORD = 'A-Za-z0-9';
const URL64 = 'A-Za-z0-9_-';
const BASE64 = 'A-Za-z0-9+/=';
const LOOSE = 'A-Za-z0-9=_-';

/**
 * The key formats, from each issuer's own documentation of its key prefixes. Of several formats with one prefix the
 * first that fits is taken.
 *
 * @see https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github
 * @see https://docs.gitlab.com/security/tokens/#token-prefixes
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
 */
export function createTokenRules(): readonly TokenRule[] {
  const gitlab = (kind: string, prefix: string): TokenRule =>
    rule(`gitlab-${kind}`, prefix, 'A-Za-z0-9_.-', [20, 330], entropic(3));
  const sized = (id: string, prefix: string, characters: string, lengths: Lengths): TokenRule =>
    rule(id, prefix, characters, lengths, entropic(2.5));
  const named = (made: TokenRule): TokenRule => ({ ...made, isNamed: true });
  return [
    ...createCloudRules(sized),
    rule('github-pat', 'ghp_', 'A-Za-z0-9_', [36, 255]),
    rule('github-oauth', 'gho_', 'A-Za-z0-9_', [36, 255]),
    rule('github-app-token', ['ghu_', 'ghs_'], 'A-Za-z0-9_', [36, 255]),
    rule('github-refresh-token', 'ghr_', 'A-Za-z0-9_', [36, 255]),
    rule('github-fine-grained-pat', 'github_pat_', 'A-Za-z0-9_', [59, 255]),
    gitlab('pat', 'glpat-'),
    gitlab('deploy-token', 'gldt-'),
    gitlab('runner-authentication-token', 'glrt-'),
    gitlab('cicd-job-token', 'glcbt-'),
    gitlab('ptt', 'glptt-'),
    gitlab('feed-token', 'glft-'),
    gitlab('incoming-mail-token', 'glimt-'),
    gitlab('kubernetes-agent-token', 'glagent-'),
    gitlab('oauth-app-secret', 'gloas-'),
    gitlab('scim-token', 'glsoat-'),
    gitlab('feature-flag-client-token', 'glffct-'),
    gitlab('rrt', 'GR1348941'),
    named(rule('gitlab-session-cookie', '_gitlab_session=', 'a-z0-9', 32)),
    ...createChatRules(),
    rule(
      'stripe-access-token',
      ['sk_', 'rk_'],
      'A-Za-z0-9_',
      [15, 250],
      (body) =>
        /^(?:live|test|prod)_[A-Za-z0-9]{10,245}$/.test(body) && entropyOf(body.slice(5)) >= 2.5,
    ),
    rule('stripe-webhook-secret', 'whsec_', BASE64, [16, 247], entropic(3)),
    rule('anthropic-admin-api-key', 'sk-ant-admin01-', URL64, [30, 255]),
    rule('anthropic-api-key', 'sk-ant-', URL64, [30, 255]),
    rule('openai-api-key', ['sk-proj-', 'sk-svcacct-', 'sk-admin-'], URL64, [20, 255]),
    rule(
      'openai-legacy-api-key',
      'sk-',
      URL64,
      [20, 255],
      (body) => isRandom(body) && /[A-Za-z0-9]{20}/.test(body),
    ),
    rule('npm-access-token', ['npm_', 'NPM_'], WORD, 36),
    rule(
      'pypi-upload-token',
      ['pypi-AgEIcHlwaS5vcmc', 'pypi-AgENdGVzdC5weXBpLm9yZw'],
      URL64,
      [50, 1024],
      always,
    ),
    rule('espalier-api-key', 'esp_', URL64, [20, 255]),
    rule('huggingface-access-token', 'hf_', 'A-Za-z', 34, entropic(3), 'hugging-face'),
    rule(
      'huggingface-organization-api-token',
      'api_org_',
      'A-Za-z',
      34,
      entropic(3),
      'hugging-face',
    ),
    rule('sendgrid-api-token', 'SG.', 'A-Za-z0-9_.=-', 66, entropic(3)),
    sized('shopify-access-token', 'shpat_', ANY_HEX, 32),
    sized('shopify-custom-access-token', 'shpca_', ANY_HEX, 32),
    sized('shopify-private-app-access-token', 'shppa_', ANY_HEX, 32),
    sized('shopify-shared-secret', 'shpss_', ANY_HEX, 32),
    rule(
      'databricks-api-token',
      'dapi',
      'a-f0-9-',
      [32, 34],
      shaped(/^[a-f0-9]{32}(?:-\d)?$/, 2.5),
    ),
    rule('age-secret-key', 'AGE-SECRET-KEY-1', 'A-Z0-9', 58),
    rule(
      '1password-secret-key',
      'A3-',
      'A-Z0-9-',
      [31, 40],
      shaped(/^[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3}$/, 3),
    ),
    rule('1password-service-account-token', 'ops_eyJ', BASE64, [250, 4096], always),
    sized('adobe-client-secret', 'p8e-', WORD, 32),
    rule(
      'airtable-personnal-access-token',
      'pat',
      'A-Za-z0-9.',
      79,
      shaped(/^[A-Za-z0-9]{14}\.[a-f0-9]{64}$/, 3),
    ),
    rule('artifactory-api-key', 'AKCp', WORD, 69, entropic(3.5)),
    rule('artifactory-reference-token', 'cmVmd', WORD, 59, entropic(3.5)),
    rule('atlassian-api-token', 'ATATT3', LOOSE, [180, 260], entropic(3.5)),
    rule(
      'authress-service-client-access-key',
      ['sc_', 'ext_', 'scauth_', 'authress_'],
      'A-Za-z0-9.+/=_-',
      [50, 210],
      shaped(
        /^[A-Za-z0-9]{5,30}\.[A-Za-z0-9]{4,6}\.acc[_-][A-Za-z0-9-]{10,32}\.[A-Za-z0-9+/_=-]{30,120}$/,
      ),
    ),
    sized('clickhouse-cloud-api-secret-key', '4b1d', WORD, 38),
    sized('clojars-api-token', 'CLOJARS_', WORD, 60),
    sized('clojars-api-token-lower', 'clojars_', WORD, 60),
    rule(
      'cloudflare-origin-ca-key',
      'v1.0-',
      'a-f0-9-',
      171,
      shaped(/^[a-f0-9]{24}-[a-f0-9]{146}$/, 3),
    ),
    rule('defined-networking-api-token', 'dnkey-', LOOSE, 79, entropic(3)),
    sized('doppler-api-token', 'dp.pt.', WORD, 43),
    sized('duffel-api-token', 'duffel_live_', LOOSE, 43),
    sized('duffel-test-api-token', 'duffel_test_', LOOSE, 43),
    rule(
      'dynatrace-api-token',
      'dt0c01.',
      'A-Za-z0-9.',
      89,
      shaped(/^[A-Za-z0-9]{24}\.[A-Za-z0-9]{64}$/, 3),
    ),
    sized('easypost-api-token', 'EZAK', WORD, 54),
    sized('easypost-test-api-token', 'EZTK', WORD, 54),
    rule('facebook-page-access-token', ['EAAM', 'EAAC'], WORD, [100, 400], entropic(3.5)),
    rule(
      'flutterwave-secret-key',
      'FLWSECK_TEST-',
      'A-Za-z0-9-',
      [32, 34],
      shaped(/^[A-Ha-h0-9]{32}(?:-X)?$/),
    ),
    rule('flutterwave-encryption-key', 'FLWSECK_TEST-', 'A-Ha-h0-9', 12, entropic(2)),
    rule(
      'flutterwave-public-key',
      'FLWPUBK_TEST-',
      'A-Za-z0-9-',
      [32, 34],
      shaped(/^[A-Ha-h0-9]{32}(?:-X)?$/),
    ),
    rule('flyio-access-token', 'fo1_', URL64, 43, entropic(3.5)),
    rule(
      'flyio-macaroon-token',
      ['fm1a_', 'fm1r_', 'fm2_'],
      BASE64,
      [100, 1600],
      entropic(3.5),
      'flyio',
    ),
    sized('frameio-api-token', 'fio-u-', LOOSE, 64),
    rule('grafana-api-key', ['eyJrIjoi', 'eyjrijoi'], BASE64, [70, 403], entropic(3)),
    rule('grafana-cloud-api-token', ['glc_', 'GLC_'], BASE64, [32, 403], entropic(3)),
    rule(
      'grafana-service-account-token',
      ['glsa_', 'GLSA_'],
      'A-Za-z0-9_',
      41,
      shaped(/^[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}$/),
    ),
    rule(
      'harness-api-key',
      ['pat.', 'sat.'],
      'A-Za-z0-9_.-',
      68,
      shaped(/^[\w-]{22}\.[A-Za-z0-9]{24}\.[A-Za-z0-9]{20}$/, 3),
    ),
    rule('heroku-api-key-v2', 'HRKU-AA', URL64, 58, entropic(3.5)),
    sized('infracost-api-token', 'ico-', WORD, 32),
    rule('intra42-client-secret', ['s-s4t2ud-', 's-s4t2af-'], ANY_HEX, 64, entropic(2.5)),
    rule('jwt-base64', 'ZXlK', 'A-Za-z0-9+/=_-', [40, 12_000], entropic(3.5), 'jwt'),
    sized('linear-api-key', 'lin_api_', WORD, 40),
    rule(
      'microsoft-teams-webhook',
      'webhook.office.com/webhookb2/',
      'A-Za-z0-9@/-',
      [120, 200],
      (body) => body.includes('/IncomingWebhook/'),
    ),
    rule('new-relic-browser-api-token', 'NRJS-', HEX, 19, entropic(2)),
    rule('new-relic-insert-key', 'NRII-', 'A-Za-z0-9-', 32, entropic(3)),
    rule('new-relic-user-api-key', 'NRAK-', 'A-Za-z0-9', 27, entropic(3)),
    rule('notion-api-token', 'ntn_', WORD, 46, shaped(/^\d{11}[A-Za-z0-9]{35}$/, 3)),
    named(
      rule(
        'nuget-config-password',
        ['ClearTextPassword" value="', 'Password" value="'],
        '^"\\s',
        [8, 128],
        (body) => !/^%.*%$/.test(body),
      ),
    ),
    rule('octopus-deploy-api-key', 'API-', 'A-Z0-9', 26, isRandom),
    rule('openshift-user-token', 'sha256~', URL64, 43, entropic(3.5)),
    sized('perplexity-api-key', 'pplx-', WORD, 48),
    rule('pkcs12-file', ['MII', 'MIJ', 'MIK', 'MIL'], 'A-Za-z0-9+/=\\s', [40, 12_000], (body) =>
      /^[A-Za-z0-9+/]{3}IBAzCC/.test(body),
    ),
    rule('planetscale-api-token', 'pscale_tkn_', 'A-Za-z0-9_=.-', [32, 64], entropic(3)),
    rule('planetscale-oauth-token', 'pscale_oauth_', 'A-Za-z0-9_=.-', [32, 64], entropic(3)),
    rule('planetscale-password', 'pscale_pw_', 'A-Za-z0-9_=.-', [32, 64], entropic(3)),
    rule(
      'postman-api-token',
      'PMAK-',
      'A-Fa-f0-9-',
      59,
      shaped(/^[A-Fa-f0-9]{24}-[A-Fa-f0-9]{34}$/, 3),
    ),
    sized('prefect-api-token', 'pnu_', WORD, 36),
    sized('pulumi-api-token', 'pul-', HEX, 40),
    sized('readme-api-token', 'rdme_', 'a-z0-9', 70),
    sized('rubygems-api-token', 'rubygems_', HEX, 48),
    sized('scalingo-api-token', 'tk-us-', URL64, 48),
    rule(
      'sendinblue-api-token',
      'xkeysib-',
      'A-Za-z0-9-',
      81,
      shaped(/^[a-f0-9]{64}-[A-Za-z0-9]{16}$/, 3),
    ),
    rule('sentry-org-token', 'sntrys_eyJpYXQiO', 'A-Za-z0-9+/=_', [60, 520], entropic(3.5)),
    sized('sentry-user-token', 'sntryu_', HEX, 64),
    sized('settlemint-application-access-token', 'sm_aat_', WORD, 16),
    sized('settlemint-personal-access-token', 'sm_pat_', WORD, 16),
    sized('settlemint-service-access-token', 'sm_sat_', WORD, 16),
    sized('shippo-api-token', 'shippo_live_', ANY_HEX, 40),
    sized('shippo-test-api-token', 'shippo_test_', ANY_HEX, 40),
    rule(
      'sourcegraph-access-token',
      ['sgp_', 'SGP_'],
      'A-Za-z0-9_',
      [40, 57],
      shaped(/^(?:(?:[A-Fa-f0-9]{16}|local)_)?[A-Fa-f0-9]{40}$/, 3),
    ),
    rule('square-access-token', ['EAAA', 'sq0atp-', 'sq0csp-'], URL64, [22, 60], isRandom),
    rule('twilio-api-key', 'SK', ANY_HEX, 32, entropic(3)),
    rule('typeform-api-token', 'tfp_', 'A-Za-z0-9_.=-', 59, entropic(3)),
    rule('vault-batch-token', 'hvb.', URL64, [138, 300], entropic(3.5)),
    rule('vault-service-token', 'hvs.', URL64, [90, 120], entropic(3.5)),
    rule(
      'vault-legacy-token',
      's.',
      WORD,
      24,
      (body) => isRandom(body) && entropyOf(body) >= 3.5,
      'vault',
    ),
  ];
}

function createCloudRules(
  sized: (id: string, prefix: string, characters: string, lengths: Lengths) => TokenRule,
): readonly TokenRule[] {
  return [
    rule(
      'aws-access-token',
      ['AKIA', 'ASIA', 'ABIA', 'ACCA'],
      'A-Z2-7',
      16,
      (body) => !body.endsWith('EXAMPLE'),
      'aws-access-key',
    ),
    rule(
      'aws-legacy-access-token',
      'A3T',
      'A-Z0-9',
      17,
      (body) => !body.endsWith('EXAMPLE') && entropyOf(body) >= 3,
      'aws-access-key',
    ),
    rule('aws-amazon-bedrock-api-key-long-lived', 'ABSK', BASE64, [109, 271], entropic(3)),
    rule(
      'aws-amazon-bedrock-api-key-short-lived',
      'bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t',
      BASE64,
      [0, 4096],
      always,
    ),
    sized('alibaba-access-key-id', 'LTAI', WORD, [16, 20]),
    rule('gcp-api-key', 'AIza', URL64, 35, entropic(3), 'google'),
    rule('gcp-oauth-client-secret', 'GOCSPX-', URL64, 28, entropic(3), 'google'),
    rule('gcp-oauth-access-token', 'ya29.', 'A-Za-z0-9_.-', [30, 1024], isRandom, 'google'),
    sized('digitalocean-pat', 'dop_v1_', HEX, 64),
    sized('digitalocean-access-token', 'doo_v1_', HEX, 64),
    sized('digitalocean-refresh-token', 'dor_v1_', ANY_HEX, 64),
  ];
}

function createChatRules(): readonly TokenRule[] {
  const slack = (
    kind: string,
    prefixes: readonly string[],
    lengths: Lengths,
    accepts = isRandom,
  ): TokenRule => rule(`slack-${kind}`, prefixes, 'A-Za-z0-9.-', lengths, accepts, 'slack');
  return [
    slack('bot-token', ['xoxb-'], [17, 255], (body) => hasDigit(body) && entropyOf(body) >= 2.5),
    slack('user-token', ['xoxp-'], [20, 255]),
    slack('legacy-workspace-token', ['xoxa-', 'xoxr-'], [8, 255], entropic(2)),
    slack(
      'legacy-token',
      ['xoxo-', 'xoxs-'],
      [8, 255],
      (body) => hasDigit(body) && entropyOf(body) >= 2,
    ),
    slack('config-refresh-token', ['xoxe-'], [20, 255]),
    slack('config-access-token', ['xoxe.'], [20, 255]),
    slack(
      'app-token',
      ['xapp-'],
      [8, 255],
      (body) => /^\d-[A-Za-z0-9]+-\d+-[A-Za-z0-9]+$/.test(body) && entropyOf(body) >= 2,
    ),
    rule(
      'slack-webhook-url',
      ['hooks.slack.com/services/', 'hooks.slack.com/workflows/', 'hooks.slack.com/triggers/'],
      'A-Za-z0-9+/',
      [40, 90],
      entropic(3),
      'slack-webhook',
    ),
  ];
}
