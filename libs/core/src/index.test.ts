import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createContext, Script } from 'node:vm';
import { build } from 'tsup';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
  let built: string;

  beforeAll(async () => {
    // Inside the package, where the dependencies are found.
    await mkdir(join(packageFolder, 'out-tsc'), { recursive: true });
    folder = await mkdtemp(join(packageFolder, 'out-tsc/built-'));
    const tsup = join(
      dirname(createRequire(import.meta.url).resolve('tsup/package.json')),
      'dist/cli-default.js',
    );
    await run(process.execPath, [tsup, '--out-dir', folder], { cwd: packageFolder });
    built = await readFile(join(folder, 'index.js'), 'utf8');
  }, 60_000);
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('imports its two dependencies and nothing else', () => {
    const imported = [...built.matchAll(/(?:from|import)\s*\(?\s*["']([^"']+)["']/gu)].map(
      ([, name]) => name,
    );
    expect(new Set(imported)).toEqual(new Set(['@opentelemetry/api', 'zod']));
  });

  it('is below 1 MB', async () => {
    expect((await stat(join(folder, 'index.js'))).size).toBeLessThan(1_000_000);
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
        "imagePartSchema",
        "isAbortError",
        "jobSchema",
        "jobStatusSchema",
        "jsonObjectSchema",
        "jsonValueSchema",
        "lineRangeSchema",
        "messageSchema",
        "messageText",
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
