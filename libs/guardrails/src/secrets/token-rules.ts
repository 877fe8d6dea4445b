import { entropyOf } from './entropy.js';

/** A key format that is known by how it begins. */
export interface TokenRule {
  readonly category: string;
  readonly prefixes: readonly string[];
  /** What may follow the prefix; sticky, and bounded by one more than `max`. */
  readonly body: RegExp;
  /** Lengths of what follows the prefix. */
  readonly min: number;
  readonly max: number;
  /** A further condition on what follows the prefix. */
  readonly accepts?: (body: string) => boolean;
}

const hasDigit = (body: string): boolean => /[0-9]/.test(body);
const isRandom = (body: string): boolean => hasDigit(body) && entropyOf(body) >= 3;

function rule(
  category: string,
  prefixes: readonly string[],
  characters: string,
  [min, max]: readonly [number, number],
  accepts: (body: string) => boolean = isRandom,
): TokenRule {
  return {
    category: `secret.${category}`,
    prefixes,
    body: new RegExp(`[${characters}]{0,${max + 1}}`, 'y'),
    min,
    max,
    accepts,
  };
}

/**
 * The key formats, from each issuer's own documentation of its key prefixes.
 *
 * @see https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github
 * @see https://docs.gitlab.com/security/tokens/#token-prefixes
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
 */
export function createTokenRules(): readonly TokenRule[] {
  const always = (): boolean => true;
  return [
    rule('aws-access-key', ['AKIA', 'ASIA', 'ABIA', 'ACCA'], 'A-Z2-7', [16, 16], always),
    rule('github', ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'], 'A-Za-z0-9_', [36, 255]),
    rule('github', ['github_pat_'], 'A-Za-z0-9_', [59, 255]),
    rule(
      'gitlab',
      [
        'glpat-',
        'gldt-',
        'glrt-',
        'glcbt-',
        'glptt-',
        'glft-',
        'glimt-',
        'glagent-',
        'gloas-',
        'glsoat-',
      ],
      'A-Za-z0-9_.-',
      [20, 255],
      (body) => entropyOf(body) >= 3,
    ),
    rule(
      'slack',
      ['xoxb-', 'xoxp-', 'xoxa-', 'xoxr-', 'xoxs-', 'xoxe-', 'xoxe.', 'xapp-'],
      'A-Za-z0-9.-',
      [20, 255],
    ),
    rule(
      'slack-webhook',
      ['hooks.slack.com/services/'],
      'A-Za-z0-9/',
      [40, 90],
      (body) => body.split('/').length === 3,
    ),
    rule(
      'stripe',
      ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_', 'whsec_'],
      'A-Za-z0-9',
      [16, 247],
      (body) => entropyOf(body) >= 3,
    ),
    rule('google', ['AIza'], 'A-Za-z0-9_-', [35, 35], (body) => entropyOf(body) >= 3),
    rule('google', ['GOCSPX-'], 'A-Za-z0-9_-', [28, 28], (body) => entropyOf(body) >= 3),
    rule('google', ['ya29.'], 'A-Za-z0-9_.-', [30, 1024]),
    rule('anthropic', ['sk-ant-'], 'A-Za-z0-9_-', [30, 255]),
    rule('openai', ['sk-proj-', 'sk-svcacct-', 'sk-admin-'], 'A-Za-z0-9_-', [20, 255]),
    rule(
      'openai',
      ['sk-'],
      'A-Za-z0-9_-',
      [20, 255],
      (body) => isRandom(body) && /[A-Za-z0-9]{20}/.test(body),
    ),
    rule('npm', ['npm_'], 'A-Za-z0-9', [36, 36]),
    rule(
      'pypi',
      ['pypi-AgEIcHlwaS5vcmc', 'pypi-AgENdGVzdC5weXBpLm9yZw'],
      'A-Za-z0-9_-',
      [50, 1024],
      always,
    ),
    rule('espalier', ['esp_'], 'A-Za-z0-9_-', [20, 255]),
    rule('hugging-face', ['hf_'], 'A-Za-z', [34, 34], (body) => entropyOf(body) >= 3),
    rule('sendgrid', ['SG.'], 'A-Za-z0-9_.-', [66, 66], (body) => body.indexOf('.') === 22),
    rule('digitalocean', ['dop_v1_', 'doo_v1_', 'dor_v1_'], 'a-f0-9', [64, 64]),
    rule('shopify', ['shpat_', 'shpca_', 'shppa_', 'shpss_'], 'a-fA-F0-9', [32, 32]),
    rule('databricks', ['dapi'], 'a-f0-9', [32, 32]),
    rule('age', ['AGE-SECRET-KEY-1'], 'A-Z0-9', [58, 58]),
  ];
}
