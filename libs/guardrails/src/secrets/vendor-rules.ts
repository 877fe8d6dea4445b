import { entropyOf } from './entropy.js';
import { vendorOf } from './token-rules.js';

/** A key without a form of its own, known by the vendor's name before it. */
export interface VendorRule {
  /** Unique among all secret rules. */
  readonly id: string;
  readonly category: string;
  /** Parts of the name to which the value is assigned; lower case. */
  readonly names: readonly string[];
  /** The whole value. */
  readonly value: RegExp;
  /** Units: bits per character. */
  readonly minEntropy: number;
}

const UUID = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';
const LOOSE = '[A-Za-z0-9=_-]';
const ALNUM = '[A-Za-z0-9]';
const HEX = '[a-fA-F0-9]';
/** Digits alone have less, random letters and digits of this length more. */
const USUAL_ENTROPY = 2.5;

function rule(
  id: string,
  names: string | readonly string[],
  value: string,
  minEntropy = USUAL_ENTROPY,
): VendorRule {
  return {
    id,
    category: `secret.${vendorOf(id)}`,
    names: typeof names === 'string' ? [names] : names,
    value: new RegExp(`^(?:${value})$`),
    minEntropy,
  };
}

/** The keys that vendors issue without a prefix; each alphabet and length from the vendor's documentation or samples. */
export function createVendorRules(): readonly VendorRule[] {
  const linkedIn = ['linkedin', 'linked_in', 'linked-in'];
  const jfrog = ['jfrog', 'artifactory', 'bintray', 'xray'];
  const messageBird = ['messagebird', 'message-bird', 'message_bird'];
  const newRelic = ['new-relic', 'newrelic', 'new_relic'];
  return [
    rule('adafruit-api-key', 'adafruit', '[A-Za-z0-9_-]{32}'),
    rule('adobe-client-id', 'adobe', `${HEX}{32}`),
    rule('airtable-api-key', 'airtable', `${ALNUM}{17}`),
    rule('algolia-api-key', 'algolia', `${ALNUM}{32}`),
    rule('alibaba-secret-key', 'alibaba', `${ALNUM}{30}`),
    rule('asana-client-id', 'asana', '[0-9]{16}', 1.5),
    rule('asana-client-secret', 'asana', `${ALNUM}{32}`),
    rule(
      'atlassian-server-token',
      ['atlassian', 'confluence', 'jira'],
      `${ALNUM}{20}[a-fA-F0-9]{4}`,
      3,
    ),
    rule('beamer-api-token', 'beamer', `b_${LOOSE}{44}`),
    rule('bitbucket-client-id', 'bitbucket', `${ALNUM}{32}`),
    rule('bitbucket-client-secret', 'bitbucket', `${LOOSE}{64}`),
    rule('bittrex-access-key', 'bittrex', `${ALNUM}{32}`),
    rule('bittrex-secret-key', 'bittrex', `${ALNUM}{32}`),
    rule('cisco-meraki-api-key', 'meraki', `${HEX}{40}`),
    rule('cloudflare-api-key', 'cloudflare', '[A-Za-z0-9_-]{40}'),
    rule('cloudflare-global-api-key', 'cloudflare', `${HEX}{37}`),
    rule('codecov-access-token', 'codecov', `${ALNUM}{32}`),
    rule('cohere-api-token', ['cohere', 'co_api_key'], `${ALNUM}{40}`, 3.5),
    rule('coinbase-access-token', 'coinbase', '[A-Za-z0-9_-]{64}'),
    rule('confluent-access-token', 'confluent', `${ALNUM}{16}`),
    rule('confluent-secret-key', 'confluent', `${ALNUM}{64}`),
    rule('contentful-delivery-api-token', 'contentful', `${LOOSE}{43}`),
    rule('datadog-access-token', 'datadog', `${ALNUM}{40}`),
    rule('discord-api-token', 'discord', `${HEX}{64}`),
    rule('discord-client-id', 'discord', '[0-9]{18}', 1.5),
    rule('discord-client-secret', 'discord', `${LOOSE}{32}`),
    rule('droneci-access-token', 'droneci', `${ALNUM}{32}`),
    rule('dropbox-api-token', 'dropbox', `${ALNUM}{15}`),
    rule('dropbox-long-lived-api-token', 'dropbox', `${ALNUM}{11}A{10}${LOOSE}{43}`),
    rule('dropbox-short-lived-api-token', 'dropbox', `sl\\.${LOOSE}{135}`),
    rule('etsy-access-token', 'etsy', `${ALNUM}{24}`, 3),
    rule('facebook-secret', 'facebook', `${HEX}{32}`),
    rule('fastly-api-token', 'fastly', `${LOOSE}{32}`),
    rule('finicity-api-token', 'finicity', `${HEX}{32}`),
    rule('finicity-client-secret', 'finicity', `${ALNUM}{20}`),
    rule('finnhub-access-token', 'finnhub', `${ALNUM}{20}`),
    rule('flickr-access-token', 'flickr', `${ALNUM}{32}`),
    rule('freshbooks-access-token', 'freshbooks', `${ALNUM}{64}`),
    rule('gitter-access-token', 'gitter', '[A-Za-z0-9_-]{40}'),
    rule('gocardless-api-token', 'gocardless', `live_${LOOSE}{40}`),
    rule('hashicorp-tf-password', 'administrator_login_password', '[A-Za-z0-9=_-]{8,20}', 2),
    rule('heroku-api-key', 'heroku', UUID),
    rule('hubspot-api-key', 'hubspot', UUID),
    rule('intercom-api-key', 'intercom', `${LOOSE}{60}`),
    rule('jfrog-api-key', jfrog, `${ALNUM}{73}`),
    rule('jfrog-identity-token', jfrog, `${ALNUM}{64}`),
    rule('kraken-access-token', 'kraken', '[A-Za-z0-9/=_+-]{80,90}'),
    rule('kucoin-access-token', 'kucoin', `${HEX}{24}`),
    rule('kucoin-secret-key', 'kucoin', UUID),
    rule('launchdarkly-access-token', 'launchdarkly', `${LOOSE}{40}`),
    rule('linear-client-secret', 'linear', `${HEX}{32}`),
    rule('linkedin-client-id', linkedIn, `${ALNUM}{14}`),
    rule('linkedin-client-secret', linkedIn, `${ALNUM}{16}`),
    rule('lob-api-key', 'lob', `(?:live|test)_${HEX}{35}`),
    rule('lob-pub-api-key', 'lob', `(?:live|test)_pub_${HEX}{31}`),
    rule('looker-client-id', 'looker', `${ALNUM}{20}`),
    rule('looker-client-secret', 'looker', `${ALNUM}{24}`),
    rule('mailchimp-api-key', 'mailchimp', `${HEX}{32}-us\\d\\d`),
    rule('mailgun-private-api-token', 'mailgun', `key-${HEX}{32}`),
    rule('mailgun-pub-key', 'mailgun', `pubkey-${HEX}{32}`),
    rule('mailgun-signing-key', 'mailgun', '[A-Ha-h0-9]{32}-[A-Ha-h0-9]{8}-[A-Ha-h0-9]{8}'),
    rule('mapbox-api-token', 'mapbox', `[ps]k\\.${ALNUM}{60}\\.${ALNUM}{22}`),
    rule('mattermost-access-token', 'mattermost', `${ALNUM}{26}`),
    rule('messagebird-api-token', messageBird, `${ALNUM}{25}`),
    rule('messagebird-client-id', messageBird, UUID),
    rule('netlify-access-token', 'netlify', `${LOOSE}{40,46}`),
    rule('new-relic-user-api-id', newRelic, `${ALNUM}{64}`),
    rule(
      'nytimes-access-token',
      ['nytimes', 'new-york-times', 'new-york-times,', 'newyorktimes'],
      `${LOOSE}{32}`,
    ),
    rule('okta-access-token', 'okta', '00[A-Za-z0-9_=-]{40}', 3.5),
    rule('plaid-api-token', 'plaid', `access-(?:sandbox|development|production)-${UUID}`),
    rule('plaid-client-id', 'plaid', `${ALNUM}{24}`, 3),
    rule('plaid-secret-key', 'plaid', `${ALNUM}{30}`, 3),
    rule('privateai-api-token', ['privateai', 'private_ai', 'private-ai'], `${ALNUM}{32}`),
    rule('rapidapi-access-token', 'rapidapi', '[A-Za-z0-9_-]{50}'),
    rule('sendbird-access-id', 'sendbird', UUID),
    rule('sendbird-access-token', 'sendbird', `${HEX}{40}`),
    rule('sentry-access-token', 'sentry', `${HEX}{64}`),
    rule(
      'sidekiq-secret',
      ['bundle_enterprise__contribsys__com', 'bundle_gems__contribsys__com'],
      `${HEX}{8}:${HEX}{8}`,
      2,
    ),
    rule('snyk-api-token', 'snyk', UUID),
    rule('sonar-api-token', 'sonar', `(?:squ_|sqp_|sqa_)?${LOOSE}{40}`),
    rule('sourcegraph-legacy-token', 'sourcegraph', `${HEX}{40}`),
    rule('squarespace-access-token', 'squarespace', UUID),
    rule('sumologic-access-id', 'sumo', `su${ALNUM}{12}`, 3),
    rule('sumologic-access-token', 'sumo', `${ALNUM}{64}`),
    rule('telegram-bot-api-token', 'telegr', '[0-9]{5,16}:A[A-Za-z0-9_-]{34}'),
    rule('travisci-access-token', 'travis', `${ALNUM}{22}`),
    rule('twitch-api-token', 'twitch', `${ALNUM}{30}`),
    rule('twitter-access-secret', 'twitter', `${ALNUM}{45}`),
    rule('twitter-access-token', 'twitter', '[0-9]{15,25}-[A-Za-z0-9]{20,40}'),
    rule('twitter-api-key', 'twitter', `${ALNUM}{25}`),
    rule('twitter-api-secret', 'twitter', `${ALNUM}{50}`),
    rule('twitter-bearer-token', 'twitter', 'A{22}[A-Za-z0-9%]{80,100}'),
    rule(
      'yandex-access-token',
      'yandex',
      't1\\.[A-Za-z0-9_-]{1,300}={0,2}\\.[A-Za-z0-9_-]{86}={0,2}',
    ),
    rule('yandex-api-key', 'yandex', 'AQVN[A-Za-z0-9_-]{35,38}'),
    rule('yandex-aws-access-token', 'yandex', 'YC[A-Za-z0-9_-]{38}'),
    rule('zendesk-secret-key', 'zendesk', `${ALNUM}{40}`),
  ];
}

/** Whether a value is a secret by a rule: its form and its randomness; a word or an identifier without digits is not. */
export function acceptsVendorValue({ value, minEntropy }: VendorRule, text: string): boolean {
  const looksMade = /[0-9]/.test(text) || (text.match(/[a-z](?=[A-Z])/g)?.length ?? 0) > 2;
  return looksMade && value.test(text) && entropyOf(text) >= minEntropy;
}
