import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { createContext, Script } from 'node:vm';
import { trace, type Tracer } from '@opentelemetry/api';
import { build } from 'tsup';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import * as sources from './index.js';

const run = promisify(execFile);
const packageFolder = fileURLToPath(new URL('..', import.meta.url));

/** What browsers, workers and edge runtimes have in common, and nothing of Node's own. */
const WEB_GLOBALS = [
  'AbortController',
  'AbortSignal',
  'DOMException',
  'TextDecoder',
  'TextEncoder',
  'URL',
  'clearTimeout',
  'crypto',
  'performance',
  'setTimeout',
  'structuredClone',
] as const;

describe('the built @espalier/core', { timeout: 60_000 }, () => {
  let folder: string;
  let core: typeof sources;
  let ownZod: typeof import('./zod.js');

  beforeAll(async () => {
    // Inside the package, where the dependencies are found.
    await mkdir(join(packageFolder, 'out-tsc'), { recursive: true });
    folder = await mkdtemp(join(packageFolder, 'out-tsc/built-'));
    const tsup = join(
      dirname(createRequire(import.meta.url).resolve('tsup/package.json')),
      'dist/cli-default.js',
    );
    await run(process.execPath, [tsup, '--out-dir', folder], { cwd: packageFolder });
    const load = async (name: string): Promise<unknown> =>
      import(/* @vite-ignore */ pathToFileURL(join(folder, name)).href);
    core = (await load('index.js')) as typeof sources;
    ownZod = (await load('zod.js')) as typeof import('./zod.js');
  }, 60_000);
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  const builtFiles = async (): Promise<string[]> =>
    (await readdir(folder)).filter((name) => name.endsWith('.js'));

  it('imports nothing: what it uses of its dependencies is inside', async () => {
    for (const name of await builtFiles()) {
      const built = await readFile(join(folder, name), 'utf8');
      const imported = [...built.matchAll(/^(?:import|export)\b[^;]*?["']([^"']+)["'];$/gmu)].map(
        ([, from]) => from,
      );
      expect(imported.filter((from) => from?.startsWith('./') !== true)).toEqual([]);
    }
  });

  it('comes with the licences of what is inside', async () => {
    const licences = await readFile(join(packageFolder, 'dist/third-party-licences.md'), 'utf8');
    expect(licences).toContain('## zod');
    expect(licences).toContain('## @opentelemetry/api');
  });

  it('is below 1 MB', async () => {
    const sizes = await Promise.all(
      (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size),
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(1_000_000);
  });

  describe("beside the host's own copy of zod", () => {
    it('takes its schemas for tools', async () => {
      const tool = core.defineTool({
        name: 'add',
        description: 'Adds.',
        inputSchema: z.object({
          left: z.int().describe('The first'),
          right: z.coerce.number().default(1),
          kind: z.enum(['fast', 'slow']).optional(),
        }),
        outputSchema: z.object({ sum: z.number() }),
        execute: ({ left, right }) => ({ sum: left + right }),
      });
      expect(tool.definition.inputSchema).toMatchObject({
        type: 'object',
        properties: {
          left: { type: 'integer', description: 'The first' },
          kind: { enum: ['fast', 'slow'] },
        },
        required: ['left'],
      });
      await expect(tool.run({ left: 2, right: '3' }, { toolCallId: '1' })).resolves.toEqual({
        sum: 5,
      });
      await expect(tool.run({ left: 'two' }, { toolCallId: '2' })).rejects.toMatchObject({
        code: 'ERR_CORE_TOOL_INPUT',
        message: expect.stringContaining('left') as string,
      });
    });

    it('takes its schemas for settings, with core schemas inside them', () => {
      const schema = z.strictObject({ wait: core.durationSchema, name: z.string() });
      expect(core.parseConfig(schema, { wait: '2s', name: 'a' }, { source: 'x' })).toEqual({
        wait: 2000,
        name: 'a',
      });
      expect(() => core.parseConfig(schema, { wait: 'soon', nam: 'a' }, { source: 'x' })).toThrow(
        expect.objectContaining({ code: 'ERR_CORE_CONFIG_INVALID' }) as Error,
      );
    });

    it('gives it schemas that parse, extend and become JSON Schema there', () => {
      const conversation = z.object({ messages: z.array(core.messageSchema) });
      const value = { messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }] };
      expect(conversation.parse(value)).toEqual(value);
      expect(conversation.safeParse({ messages: [{ role: 'nobody' }] }).error).toBeInstanceOf(
        z.ZodError,
      );
      expect(core.passageSchema.extend({ note: z.string() }).shape.note).toBeInstanceOf(
        z.ZodString,
      );
      expect(z.toJSONSchema(conversation, { io: 'input' })).toEqual(
        z.toJSONSchema(z.object({ messages: z.array(sources.messageSchema) }), { io: 'input' }),
      );
    });

    it('shares its classes and its registry', () => {
      expect(ownZod.object).not.toBe(z.object);
      expect(core.messageSchema).toBeInstanceOf(z.ZodType);
      expect(core.usageSchema).toBeInstanceOf(z.ZodObject);
      const named = ownZod.object({ a: ownZod.string() }).meta({ id: 'NamedByTheOtherCopy' });
      expect(z.globalRegistry.get(named)).toEqual({ id: 'NamedByTheOtherCopy' });
      z.globalRegistry.remove(named);
    });
  });

  it("uses the tracer that the host registered with its own copy of OpenTelemetry's API", async () => {
    const names: string[] = [];
    const span = trace.getTracer('none').startSpan('none');
    const tracer = {
      startSpan: () => span,
      startActiveSpan: (name: string, _: unknown, work: (active: typeof span) => unknown) => {
        names.push(name);
        return work(span);
      },
    } as unknown as Tracer;
    trace.setGlobalTracerProvider({ getTracer: () => tracer });
    try {
      await core.createTelemetry({ name: 'x' }).withSpan('seen', {}, async () => undefined);
    } finally {
      trace.disable();
    }
    expect(names).toEqual(['seen']);
  });

  it('runs where there is nothing of Node: tool, plug-in, ids, stream', async () => {
    await build({
      entry: { whole: join(folder, 'index.js') },
      outDir: join(folder, 'whole'),
      format: 'iife',
      globalName: 'core',
      noExternal: [/./u],
      platform: 'neutral',
      target: 'es2024',
      config: false,
      silent: true,
    });
    const program = await readFile(join(folder, 'whole/whole.global.js'), 'utf8');
    const context = createContext(
      Object.fromEntries(WEB_GLOBALS.map((name) => [name, globalThis[name]])),
    );
    new Script(program).runInContext(context);
    const story = new Script(`(async () => {
      const missing = ['process', 'Buffer', 'require', 'setImmediate', 'global'].filter((name) => name in globalThis);
      const clock = core.createSystemClock();
      await clock.sleep(1);
      await new Promise((resolve) => clock.setTimer(1, resolve));
      const ids = core.createIdGenerator({ clock, random: core.createSystemRandom() });
      const host = core.createPluginHost();
      host.provide('reranker', 'r', () => 'made');
      const collector = core.createStreamCollector();
      collector.add({ type: 'text-delta', id: '1', text: 'Hi' });
      let code;
      try { core.parseConfig(core.durationSchema, 'soon', { source: 'x' }); } catch (error) { code = error.code; }
      const span = await core.createTelemetry({ name: 'x' }).withSpan('s', {}, async () => 'traced');
      return { missing, id: ids('run').length, made: await host.resolve('reranker', 'r'), content: collector.read().content, code, span };
    })()`).runInContext(context) as Promise<unknown>;
    expect(JSON.parse(JSON.stringify(await story))).toEqual({
      missing: [],
      id: 34,
      made: 'made',
      content: [{ type: 'text', text: 'Hi' }],
      code: 'ERR_CORE_CONFIG_INVALID',
      span: 'traced',
    });
  });
});

describe('the public names of @espalier/core', () => {
  it('are these; taking one away is a breaking change', () => {
    expect(Object.keys(sources).sort()).toMatchInlineSnapshot(`
      [
        "ConfigError",
        "EspalierError",
        "GEN_AI",
        "HostDisposedError",
        "InvalidArgumentError",
        "PluginError",
        "ProviderCycleError",
        "ProviderDuplicateError",
        "ProviderMissingError",
        "ToolInputError",
        "ToolOutputError",
        "ToolTimeoutError",
        "addUsage",
        "approvalDecisionSchema",
        "approvalRequestSchema",
        "assistantMessageSchema",
        "assistantPartSchema",
        "byteSizeSchema",
        "citationPartSchema",
        "citationSchema",
        "concealMessages",
        "createIdGenerator",
        "createPluginHost",
        "createSeededRandom",
        "createSilentLogger",
        "createStreamCollector",
        "createSystemClock",
        "createSystemRandom",
        "createTelemetry",
        "dataSourceSchema",
        "definePlugin",
        "defineTool",
        "durationSchema",
        "errorInfoSchema",
        "filePartSchema",
        "filterSchema",
        "findingSchema",
        "finishReasonSchema",
        "guardTurns",
        "imagePartSchema",
        "isAbortError",
        "jobSchema",
        "jobStatusSchema",
        "jsonObjectSchema",
        "jsonValueSchema",
        "lineRangeSchema",
        "matchesFilter",
        "messageSchema",
        "messageText",
        "observeGuardrails",
        "parseConfig",
        "passagePartSchema",
        "passageSchema",
        "providerMetadataSchema",
        "railPointSchema",
        "railReportSchema",
        "reasoningPartSchema",
        "renderPassages",
        "runEventSchema",
        "runStateSchema",
        "spanSchema",
        "systemMessageSchema",
        "textPartSchema",
        "throwIfAborted",
        "toolCallPartSchema",
        "toolMessageSchema",
        "toolResultPartSchema",
        "truncateValue",
        "usageSchema",
        "userMessage",
        "userMessageSchema",
        "userPartSchema",
        "verdictSchema",
        "warningSchema",
      ]
    `);
  });
});
