import { byteSizeSchema, durationSchema, type Plugin } from '@espalier/core';
import type { LegName } from '@espalier/rag';
import { z } from 'zod';

const idSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,127}$/u, {
  message:
    'Must be 1 to 128 letters, digits, ".", "_", "/" or "-", beginning with a letter or digit',
});

const providerBase = {
  /** What clients write as `model`. */
  id: idSchema,
  /** The model's name at the provider. */
  model: z.string().min(1, 'Must name the model as the provider calls it'),
  /** Prices, for cost limits and usage. */
  prices: z
    .strictObject({ inputUsdPerMillion: z.number().min(0), outputUsdPerMillion: z.number().min(0) })
    .optional(),
};

const providerSchema = z.discriminatedUnion('provider', [
  z.strictObject({
    ...providerBase,
    provider: z.literal('openai-compatible'),
    baseURL: z.url('Must be a URL like "http://127.0.0.1:8000/v1"'),
    apiKey: z.string().optional(),
  }),
  z.strictObject({
    ...providerBase,
    provider: z.literal('openai'),
    apiKey: z.string().min(1, 'Must be an API key; read it from the environment'),
    baseURL: z.url('Must be a URL').optional(),
  }),
  z.strictObject({
    ...providerBase,
    provider: z.literal('anthropic'),
    apiKey: z.string().min(1, 'Must be an API key; read it from the environment'),
    baseURL: z.url('Must be a URL').optional(),
  }),
]);
/** One model under `providers`. */
export type ProviderConfig = z.output<typeof providerSchema>;

const agentSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/u, {
    message: 'Must be 1 to 64 letters, digits, ".", "_" or "-", beginning with a letter or digit',
  }),
  description: z.string().default(''),
  instructions: z.string().optional(),
  /** An id of `providers` or of a plug-in's language model; default `defaultModel`. */
  model: z.string().optional(),
  /** The knowledge base it reads. */
  knowledgeBase: z.string().optional(),
  retrieval: z
    .strictObject({
      topK: z.int().min(1).max(100).optional(),
      when: z.enum(['always', 'tool']).optional(),
      /** `graph`: around what a question names, in the graph of the knowledge base; it must have been built. */
      mode: z.enum(['search', 'graph']).default('search'),
    })
    .default({ mode: 'search' }),
  /** Ids of tools that plug-ins provide. */
  tools: z.array(z.string()).default([]),
  limits: z
    .strictObject({ maxSteps: z.int().min(1).optional(), maxCostUsd: z.number().min(0).optional() })
    .default({}),
});
/** One agent under `agents`. */
export type AgentConfig = z.output<typeof agentSchema>;

const piiCategorySchema = z.enum(['card', 'iban', 'email', 'phone', 'ip']);

const patternsSchema = z.array(z.string().min(1)).min(1);

const assignmentSchema = z
  .strictObject({
    /** A policy of the library, or a file. */
    policy: z.string().min(1),
    dryRun: z.boolean().default(false),
    /** Ids of keys; `*` stands for any characters, here and below. */
    keys: patternsSchema.optional(),
    tenants: patternsSchema.optional(),
    /** Paths, such as `/v1/*` and `/api/v1/agents/docs/runs`. */
    routes: patternsSchema.optional(),
  })
  .refine(({ keys, tenants, routes }) => (keys ?? tenants ?? routes) !== undefined, {
    message: 'Must name "keys", "tenants" or "routes"; "guardrails.policy" is for all others',
  });
/** One entry under `guardrails.assignments`. */
export type PolicyAssignment = z.output<typeof assignmentSchema>;

const guardrailsSchema = z.strictObject({
  secrets: z.boolean().default(true),
  pii: z
    .union([z.boolean(), z.strictObject({ categories: z.array(piiCategorySchema).min(1) })])
    .default(true),
  /** A policy of the library, or a file. */
  policy: z.string().min(1).default('default'),
  /** Records what the policy finds and enforces nothing. */
  dryRun: z.boolean().default(false),
  /** Where people are told of what policies escalate. */
  escalation: z
    .strictObject({
      url: z.url('Must be a URL like "https://people.example/escalations"'),
      secret: z.string().min(16, 'Must have 16 characters or more; read it from the environment'),
    })
    .optional(),
  /**
   * Enciphers what pseudonyms stand for while a run waits for a person; all servers of one database need the same.
   * Default: a key in the data folder.
   */
  memorySecret: z
    .string()
    .min(32, 'Must have 32 characters or more; read it from the environment')
    .optional(),
  /** Other policies for some callers; the first entry holds whose every field fits. */
  assignments: z.array(assignmentSchema).default([]),
  /** Ids of further rails that plug-ins provide. */
  rails: z.array(z.string()).default([]),
});

const isPlugin = (value: unknown): value is Plugin =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as { setup?: unknown }).setup === 'function' &&
  typeof (value as { name?: unknown }).name === 'string';

const limitsSchema = z.strictObject({
  body: byteSizeSchema.default(32 * 1024 * 1024),
  jsonDepth: z.int().min(1).max(1000).default(128),
  headersTimeout: durationSchema.default(15_000),
  bodyIdleTimeout: durationSchema.default(30_000),
  upstreamAnswer: byteSizeSchema.default(32 * 1024 * 1024),
  /** How long a stop waits for what still runs. */
  shutdownGrace: durationSchema.default(30_000),
});

const trainingSchema = z.strictObject({
  /** Models that jobs begin from and callers may ask, by id; Hugging Face folders. */
  models: z.record(idSchema, z.string().min(1)).default({}),
  /** Jobs that run at the same time, each in a process of its own. */
  concurrency: z.int().min(1).max(64).default(1),
  /** What computes; default ONNX Runtime where it loads, else plain JavaScript. */
  backend: z.enum(['onnx', 'js']).optional(),
  /** Memory that one job may take; default what the machine has left. */
  maxMemory: byteSizeSchema.optional(),
  /** Models that are kept in memory to answer. */
  loadedModels: z.int().min(1).max(64).default(2),
});

const port = z.int().min(1).max(65_535);

const serviceStoreSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('pgvector'),
    url: z.string().regex(/^postgres(ql)?:\/\//u, 'Must begin with "postgres://"'),
    schema: z.string().min(1).optional(),
  }),
  z.strictObject({
    kind: z.literal('pinecone'),
    apiKey: z.string().min(1, 'Must be an API key; read it from the environment'),
    cloud: z.string().min(1).optional(),
    region: z.string().min(1).optional(),
  }),
  z.strictObject({
    kind: z.literal('weaviate'),
    host: z.string().min(1, 'Must be the name of a host, without "http://"'),
    port: port.optional(),
    grpcHost: z.string().min(1).optional(),
    grpcPort: port.optional(),
    isSecure: z.boolean().optional(),
    apiKey: z.string().min(1).optional(),
  }),
]);

const storeSchema = z.union(
  [z.enum(['auto', 'lancedb', 'simd', 'memory']), serviceStoreSchema],
  'Must be "auto", "lancedb", "simd", "memory", or an object with "kind": "pgvector", "pinecone" or "weaviate" and what that needs',
);
/** Where vectors are kept. */
export type StoreConfig = z.output<typeof storeSchema>;
/** A store that another process keeps. */
export type ServiceStoreConfig = z.output<typeof serviceStoreSchema>;

/** Legs that searches of knowledge bases weigh. */
const LEGS = [
  'bm25',
  'vector',
  'documentBm25',
  'documentVector',
  'feedback',
  'similar',
  'part',
  'maxSim',
  'maxSimWindow',
  'ordered',
  'title',
  'identifiers',
  'declared',
] as const satisfies readonly LegName[];

const knowledgeBaseSchema = z.strictObject({
  /** Which knowledge base; of every tenant that has one of this name. */
  name: z.string().min(1, 'Must name a knowledge base'),
  /** In place of `embedding.tokenStates`. */
  tokenStates: z.union([z.literal(false), z.literal(2), z.literal(4)]).optional(),
  /** What legs count, in place of the defaults. */
  weights: z.partialRecord(z.enum(LEGS), z.number().min(0).max(100)).default({}),
  /** A name under `rankers`. */
  ranker: z.string().optional(),
});

/** The schema of `espalier.config.ts` and `espalier.config.json`. */
export const configSchema = z.strictObject({
  server: z
    .strictObject({
      host: z.string().min(1).default('127.0.0.1'),
      port: z.int().min(0).max(65_535).default(8787),
    })
    .default({ host: '127.0.0.1', port: 8787 }),
  /** Where the server keeps its data; relative to the working directory. */
  data: z.string().min(1).optional(),
  database: z
    .strictObject({
      url: z
        .string()
        .regex(/^(sqlite:|postgres(ql)?:\/\/)/u, 'Must begin with "sqlite:" or "postgres://"'),
    })
    .optional(),
  providers: z.array(providerSchema).default([]),
  /** The model of agents that name none; default the extractive answerer. */
  defaultModel: z.string().optional(),
  embedding: z
    .strictObject({
      model: z.enum(['auto', 'minilm-l6', 'static-256']).default('auto'),
      /** How long the encoder stays in memory without work. */
      idleTimeout: durationSchema.default(60_000),
      /** Bits for a value of the token states that searches rank by, or none: faster, smaller, less good. */
      tokenStates: z.union([z.literal(false), z.literal(2), z.literal(4)]).default(2),
    })
    .default({ model: 'auto', idleTimeout: 60_000, tokenStates: 2 }),
  /** Where vectors are kept; `auto` takes LanceDB where it loads. */
  store: storeSchema.default('auto'),
  /** Stores that `espalier kb migrate --from <name>` takes vectors over from, beside `lancedb` and `simd`. */
  formerStores: z
    .record(z.string().regex(/^[a-z][a-z0-9-]{0,63}$/u), serviceStoreSchema)
    .default({}),
  /** Learned rankers by name: files that `espalier train-ranker --for knowledge-base` wrote, relative to the working directory. */
  rankers: z.record(idSchema, z.string().min(1)).default({}),
  /** Knowledge bases that rank in ways of their own. */
  knowledgeBases: z.array(knowledgeBaseSchema).default([]),
  /** How graphs of knowledge bases are built. */
  graph: z
    .strictObject({
      /** An id of `providers` or of a plug-in's language model that reads entities and relations and writes reports; without it none is needed. */
      model: z.string().optional(),
      /** Calls of the model at once. */
      concurrency: z.int().min(1).max(64).default(4),
      /** After so many tokens a build stops at the next document; the same command goes on from there. */
      maxTokens: z.int().min(1).optional(),
    })
    .default({ concurrency: 4 }),
  agents: z.array(agentSchema).default([]),
  training: trainingSchema.default(trainingSchema.parse({})),
  guardrails: guardrailsSchema.default(guardrailsSchema.parse({})),
  sample: z.boolean().default(true),
  plugins: z
    .array(z.custom<Plugin>(isPlugin, 'Must be a plug-in as definePlugin makes it'))
    .default([]),
  limits: limitsSchema.default(limitsSchema.parse({})),
  logs: z
    .strictObject({
      level: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
      /** `file`: `logs/server.log` in the data folder, set aside at 10 MiB, three old ones kept. */
      destination: z.enum(['file', 'stdout']).default('file'),
      /** Whether the text of prompts is logged, and of agents' answers; both as the rails leave them. */
      prompts: z.boolean().default(false),
    })
    .default({ level: 'info', destination: 'file', prompts: false }),
  retention: z
    .strictObject({
      /** How long the events of a run that has ended can be streamed again; its record stays. */
      runEvents: durationSchema.default(7 * 24 * 60 * 60 * 1000),
      /** How long the folder of a finished training job stays, with its checkpoints; what it registered stays. */
      trainingFolders: durationSchema.default(30 * 24 * 60 * 60 * 1000),
      /** Folders of the jobs that finished last stay, however old. */
      trainingFoldersKept: z.int().min(0).default(20),
    })
    .default({
      runEvents: 7 * 24 * 60 * 60 * 1000,
      trainingFolders: 30 * 24 * 60 * 60 * 1000,
      trainingFoldersKept: 20,
    }),
  telemetry: z
    .strictObject({ otlpEndpoint: z.url('Must be a URL like "http://127.0.0.1:4318"') })
    .optional(),
});

/** A configuration with every default filled in. */
export type ServerConfig = z.output<typeof configSchema>;

/** A configuration as a person writes it. */
export type ServerConfigInput = z.input<typeof configSchema>;
