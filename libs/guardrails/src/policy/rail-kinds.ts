import type { EmbeddingModel, Rail, RailPoint } from '@espalier/core';
import * as z from '@espalier/core/zod';
import type { GuardClassifier, GuardProfile } from '../classifiers/create-guard-classifier.js';
import { createLazyRail } from '../internal/lazy-rail.js';
import { HAZARD_CATEGORIES } from '../moderation/hazard-categories.js';
import { createCitationRail } from '../validation/citation-rail.js';
import { createEscalationRail } from '../validation/escalation-rail.js';
import { createExfiltrationRail } from '../validation/exfiltration-rail.js';
import { createIdentityRail } from '../validation/identity-rail.js';
import { createKeywordRail } from '../validation/keyword-rail.js';
import { createLanguageRail } from '../validation/language-rail.js';
import { createLengthRail } from '../validation/length-rail.js';
import { createRegexRail } from '../validation/regex-rail.js';
import { createSchemaRail } from '../validation/schema-rail.js';
import { createTopicRail } from '../validation/topic-rail.js';
import { createUrlRail } from '../validation/url-rail.js';
import { defined } from '../internal/defined.js';
import { piiOptionsSchema, piiRail } from './pii-rail-kind.js';
import type { RailResources } from './rail-resources.js';

/** What a rail is made with besides its options. */
export interface RailKindContext {
  readonly name: string;
  readonly points: readonly RailPoint[] | undefined;
  readonly embeddingModel: EmbeddingModel | undefined;
  /** What is loaded once for all rails. */
  readonly resources: RailResources;
}

/** A rail, or why there can be none. */
export type MadeRail = Rail | { readonly problem: string };

/** A kind of rail that policies can name. */
export interface RailKind {
  /** Why it cannot be used, or the rail. */
  create(options: unknown, context: RailKindContext): MadeRail | Promise<MadeRail>;
}

const action = z.enum(['redact', 'block']).optional();
const actions = z.record(z.string(), z.enum(['redact', 'block'])).optional();
const onFailure = z.enum(['refrain', 'reask', 'fix']).optional();
/** `fast`: no encoder; the others load it when a text first needs it. */
const profile = z.enum(['fast', 'balanced', 'accurate']).optional();
const strings = z.array(z.string().min(1)).min(1);
const topics = z.array(z.strictObject({ name: z.string().min(1), examples: strings })).optional();

/** Ties the options that a policy may write to what makes the rail. */
function kind<Schema extends z.ZodType>(
  schema: Schema,
  make: (
    options: z.output<Schema>,
    base: { readonly name: string; readonly points?: readonly RailPoint[] },
    context: RailKindContext,
  ) => MadeRail | Promise<MadeRail>,
): RailKind {
  return {
    create(options, context) {
      const parsed = schema.safeParse(options);
      if (!parsed.success) return { problem: z.prettifyError(parsed.error).replaceAll('\n', ' ') };
      const { name, points } = context;
      return make(parsed.data, { name, ...(points === undefined ? {} : { points }) }, context);
    },
  };
}

/** A rail of the shared classifier; only `accurate`, which cannot do without the encoder, loads before it is used. */
async function classifierRail(
  resources: RailResources,
  chosen: GuardProfile | undefined,
  rail: {
    readonly name: string;
    readonly points: readonly RailPoint[];
    readonly load: (classifier: GuardClassifier) => Promise<Rail>;
  },
): Promise<Rail> {
  const profileOfRail = chosen ?? 'balanced';
  if (profileOfRail === 'accurate') await resources.classifier(profileOfRail);
  return createLazyRail({
    ...rail,
    load: async () => rail.load(await resources.classifier(profileOfRail)),
  });
}

/** The kinds that every policy can name. */
export const railKinds: Readonly<Record<string, RailKind>> = {
  pii: kind(piiOptionsSchema, (options, base, { resources }) => piiRail(options, base, resources)),
  secrets: kind(
    z.strictObject({ action, actions }),
    (options, { name, points = ['input', 'output', 'retrieval', 'tool-call', 'tool-result'] }) =>
      createLazyRail({
        name,
        points,
        load: async () => {
          const { createSecretsRail } = await import('../secrets/create-secrets-rail.js');
          return createSecretsRail({ name, points, ...defined(options) });
        },
      }),
  ),
  moderation: kind(
    z.strictObject({ profile, categories: z.array(z.enum(HAZARD_CATEGORIES)).min(1).optional() }),
    ({ profile: chosen, categories }, { name, points = ['input', 'output'] }, { resources }) =>
      classifierRail(resources, chosen, {
        name,
        points,
        load: async (classifier) => {
          const { createModerationRail } = await import('../moderation/create-moderation-rail.js');
          return createModerationRail({ name, points, classifier, ...defined({ categories }) });
        },
      }),
  ),
  injection: kind(
    z.strictObject({ profile }),
    (
      { profile: chosen },
      { name, points = ['input', 'retrieval', 'tool-result'] },
      { resources },
    ) =>
      classifierRail(resources, chosen, {
        name,
        points,
        load: async (classifier) => {
          const { createInjectionRail } = await import('../injection/create-injection-rail.js');
          return createInjectionRail({ name, points, classifier });
        },
      }),
  ),
  keywords: kind(
    z.strictObject({
      action,
      words: strings,
      category: z.string().optional(),
      replacement: z.string().optional(),
    }),
    (options, base) => createKeywordRail({ ...base, ...defined(options) }),
  ),
  regex: kind(
    z.strictObject({
      action,
      pattern: z.string().min(1),
      'ignore-case': z.boolean().default(false),
      rule: z.enum(['forbid', 'require']).optional(),
      'max-length': z.int().min(1).max(65_536).optional(),
      category: z.string().optional(),
      replacement: z.string().optional(),
      'on-failure': onFailure,
    }),
    (
      { 'ignore-case': ignoresCase, 'max-length': maxLength, 'on-failure': failure, ...options },
      base,
    ) =>
      createRegexRail({
        ...base,
        ...defined(options),
        ignoresCase,
        ...(maxLength === undefined ? {} : { maxLength }),
        ...(failure === undefined ? {} : { onFailure: failure }),
      }),
  ),
  length: kind(
    z.strictObject({
      min: z.int().min(0).optional(),
      max: z.int().min(0).optional(),
      'on-failure': onFailure,
    }),
    ({ 'on-failure': failure, ...options }, base) =>
      createLengthRail({
        ...base,
        ...defined(options),
        ...(failure === undefined ? {} : { onFailure: failure }),
      }),
  ),
  urls: kind(
    z.strictObject({
      action,
      allow: z.array(z.string().min(1)),
      replacement: z.string().optional(),
    }),
    (options, base) => createUrlRail({ ...base, ...defined(options) }),
  ),
  exfiltration: kind(
    z.strictObject({
      action,
      kinds: z.array(z.enum(['markdown-image', 'html-load', 'shell', 'sql', 'script'])).optional(),
      'allow-hosts': strings.optional(),
    }),
    ({ 'allow-hosts': allowHosts, ...options }, base) =>
      createExfiltrationRail({
        ...base,
        ...defined(options),
        ...(allowHosts === undefined ? {} : { allowHosts }),
      }),
  ),
  language: kind(
    z.strictObject({
      allow: strings.optional(),
      deny: strings.optional(),
      'on-failure': onFailure,
    }),
    ({ 'on-failure': failure, ...options }, base) =>
      createLanguageRail({
        ...base,
        ...defined(options),
        ...(failure === undefined ? {} : { onFailure: failure }),
      }),
  ),
  topics: kind(
    z.strictObject({
      allow: topics,
      deny: topics,
      threshold: z.number().min(-1).max(1).optional(),
      'on-failure': onFailure,
    }),
    ({ 'on-failure': failure, ...options }, base, { embeddingModel }) =>
      embeddingModel === undefined
        ? { problem: 'a rail of topics needs an embedding model, and there is none' }
        : createTopicRail({
            ...base,
            ...defined(options),
            embeddingModel,
            ...(failure === undefined ? {} : { onFailure: failure }),
          }),
  ),
  schema: kind(
    z.strictObject({ schema: z.record(z.string(), z.json()), 'on-failure': onFailure }),
    ({ schema, 'on-failure': failure }, base) =>
      createSchemaRail({
        ...base,
        schema,
        ...(failure === undefined ? {} : { onFailure: failure }),
      }),
  ),
  citations: kind(
    z.strictObject({ min: z.int().min(1).optional(), 'on-failure': onFailure }),
    ({ min, 'on-failure': failure }, base) =>
      createCitationRail({
        ...base,
        ...(min === undefined ? {} : { min }),
        ...(failure === undefined ? {} : { onFailure: failure }),
      }),
  ),
  groundedness: kind(
    z.strictObject({
      threshold: z.number().min(0).max(1).optional(),
      holds: z.enum(['answer', 'sentence']).optional(),
      'on-failure': onFailure,
    }),
    async ({ 'on-failure': failure, ...options }, base) => {
      const { createGroundednessRail } =
        await import('../groundedness/create-groundedness-rail.js');
      return createGroundednessRail({
        ...base,
        ...defined(options),
        ...(failure === undefined ? {} : { onFailure: failure }),
      });
    },
  ),
  identity: kind(z.strictObject({ 'on-failure': onFailure }), ({ 'on-failure': failure }, base) =>
    createIdentityRail({ ...base, ...(failure === undefined ? {} : { onFailure: failure }) }),
  ),
  escalation: kind(
    z.strictObject({ words: strings, 'max-turns': z.int().min(1).optional() }),
    ({ words, 'max-turns': maxTurns }, base) =>
      createEscalationRail({ ...base, words, ...(maxTurns === undefined ? {} : { maxTurns }) }),
  ),
};
