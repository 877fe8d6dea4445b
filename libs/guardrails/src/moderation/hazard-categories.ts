/** The hazards that moderation tells apart: the twelve of MLCommons AILuminate, and three that it has no name for. */
export const HAZARD_CATEGORIES = [
  'hate',
  'harassment',
  'violence',
  'suicide-self-harm',
  'sexual-content',
  'child-sexual-exploitation',
  'violent-crimes',
  'nonviolent-crimes',
  'sex-related-crimes',
  'indiscriminate-weapons',
  'privacy',
  'defamation',
  'specialized-advice',
  'intellectual-property',
  'profanity',
] as const;

/** A hazard. `hate` is against identities; `harassment` is an insult of a person; `violence` a threat or its depiction. */
export type HazardCategory = (typeof HAZARD_CATEGORIES)[number];

/**
 * The categories that are flagged unless a policy says otherwise: harm to people. Swearing, questions of law and medicine,
 * defamation and copyright depend on the application.
 */
export const DEFAULT_HAZARDS: readonly HazardCategory[] = [
  'hate',
  'harassment',
  'violence',
  'suicide-self-harm',
  'sexual-content',
  'child-sexual-exploitation',
  'violent-crimes',
  'nonviolent-crimes',
  'sex-related-crimes',
  'indiscriminate-weapons',
];

/** AILuminate's short names. */
export const AILUMINATE_HAZARDS: Readonly<Partial<Record<HazardCategory, string>>> = {
  'violent-crimes': 'vcr',
  'nonviolent-crimes': 'ncr',
  'sex-related-crimes': 'src',
  'child-sexual-exploitation': 'cse',
  'indiscriminate-weapons': 'iwp',
  'suicide-self-harm': 'ssh',
  hate: 'hte',
  privacy: 'prv',
  defamation: 'dfm',
  'specialized-advice': 'spc',
  'intellectual-property': 'ipv',
  'sexual-content': 'sxc',
};

/** The categories of OpenAI's moderation endpoint that a hazard falls under. */
export const OPENAI_CATEGORIES: Readonly<Partial<Record<HazardCategory, readonly string[]>>> = {
  hate: ['hate', 'hate/threatening'],
  harassment: ['harassment', 'harassment/threatening'],
  violence: ['violence', 'violence/graphic'],
  'suicide-self-harm': ['self-harm', 'self-harm/intent', 'self-harm/instructions'],
  'sexual-content': ['sexual'],
  'child-sexual-exploitation': ['sexual/minors'],
  'violent-crimes': ['illicit/violent'],
  'nonviolent-crimes': ['illicit'],
  'sex-related-crimes': ['illicit'],
  'indiscriminate-weapons': ['illicit/violent'],
};
