import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Agent } from '../agent/agent.js';
import { defineTool, type Tool } from '../tool/tool.js';
import { createPluginHost } from './plugin-host.js';
import { definePlugin } from './plugin.js';

const tool = (name: string): Tool =>
  defineTool({ name, description: name, inputSchema: z.object({}), execute: () => null });
const agent = {
  specificationVersion: 'v1',
  name: 'a',
  description: '',
  run: () => [] as never,
} as unknown as Agent;

describe('createPluginHost', () => {
  it('makes a provider once, when it is first asked for', async () => {
    const host = createPluginHost();
    let made = 0;
    host.provide('tool', 't', () => {
      made++;
      return tool('t');
    });
    expect(made).toBe(0);
    const [first, second] = await Promise.all([
      host.resolve('tool', 't'),
      host.resolve('tool', 't'),
    ]);
    expect(first).toBe(second);
    expect(made).toBe(1);
  });

  it('keeps the ids of different kinds apart, and lists them in order', () => {
    const host = createPluginHost();
    host.provide('tool', 'x', () => tool('x'));
    host.provide('agent', 'x', () => agent);
    host.provide('tool', 'a', () => tool('a'));
    expect(host.list('tool')).toEqual(['x', 'a']);
    expect(host.list('agent')).toEqual(['x']);
    expect(host.list('rail')).toEqual([]);
    expect([host.has('tool', 'a'), host.has('agent', 'a')]).toEqual([true, false]);
  });

  it('names what is known when something is missing', async () => {
    const host = createPluginHost();
    host.provide('tool', 'hammer', () => tool('hammer'));
    await expect(host.resolve('tool', 'saw')).rejects.toMatchObject({
      code: 'ERR_CORE_PROVIDER_MISSING',
      message: expect.stringContaining('"hammer"') as string,
    });
  });

  it('names both owners when an id is provided twice, and keeps the first', async () => {
    const host = createPluginHost();
    const make = (name: string) =>
      definePlugin({
        name,
        setup: (inner) => {
          inner.provide('tool', 't', () => tool(name));
        },
      })();
    await host.use(make('first'));
    const error: unknown = await host.use(make('second')).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: 'ERR_CORE_PROVIDER_DUPLICATE',
      details: { first: 'first', second: 'second' },
    });
    expect((await host.resolve('tool', 't')).definition.name).toBe('first');
  });

  it('lets a factory resolve others', async () => {
    const host = createPluginHost();
    host.provide('tool', 'outer', async ({ resolve }) =>
      tool(`outer-of-${(await resolve('tool', 'inner')).definition.name}`),
    );
    host.provide('tool', 'inner', () => tool('inner'));
    expect((await host.resolve('tool', 'outer')).definition.name).toBe('outer-of-inner');
  });

  it('names the circle when factories need each other', async () => {
    const host = createPluginHost();
    host.provide('tool', 'a', ({ resolve }) => resolve('tool', 'b'));
    host.provide('tool', 'b', ({ resolve }) => resolve('tool', 'a'));
    await expect(host.resolve('tool', 'a')).rejects.toMatchObject({
      code: 'ERR_CORE_PROVIDER_CYCLE',
      details: { chain: ['tool a', 'tool b', 'tool a'] },
    });
  });

  it('notices a circle that is entered from two sides at once, instead of waiting for ever', async () => {
    const host = createPluginHost();
    host.provide('tool', 'a', async ({ resolve }) => {
      await Promise.resolve();
      return resolve('tool', 'b');
    });
    host.provide('tool', 'b', async ({ resolve }) => {
      await Promise.resolve();
      return resolve('tool', 'a');
    });
    const results = await Promise.allSettled([
      host.resolve('tool', 'a'),
      host.resolve('tool', 'b'),
    ]);
    for (const result of results) {
      expect(result).toMatchObject({
        status: 'rejected',
        reason: { code: 'ERR_CORE_PROVIDER_CYCLE' },
      });
    }
  });

  it('lets a circle be broken by resolving lazily', async () => {
    const host = createPluginHost();
    let later: (() => Promise<Tool>) | undefined;
    host.provide('tool', 'a', ({ resolve }) => {
      later = () => resolve('tool', 'b');
      return tool('a');
    });
    host.provide('tool', 'b', async ({ resolve }) =>
      tool(`b-of-${(await resolve('tool', 'a')).definition.name}`),
    );
    await host.resolve('tool', 'a');
    expect((await later?.())?.definition.name).toBe('b-of-a');
  });

  it('lets two factories share a third at the same time', async () => {
    const host = createPluginHost();
    const gate = Promise.withResolvers<Tool>();
    host.provide('tool', 'shared', () => gate.promise);
    host.provide('tool', 'left', ({ resolve }) => resolve('tool', 'shared'));
    host.provide('tool', 'right', ({ resolve }) => resolve('tool', 'shared'));
    const both = Promise.all([host.resolve('tool', 'left'), host.resolve('tool', 'right')]);
    gate.resolve(tool('shared'));
    expect((await both).map(({ definition }) => definition.name)).toEqual(['shared', 'shared']);
  });

  it('runs a factory again that failed', async () => {
    const host = createPluginHost();
    let tries = 0;
    host.provide('tool', 't', () => {
      if (++tries === 1) throw new Error('not yet');
      return tool('t');
    });
    await expect(host.resolve('tool', 't')).rejects.toThrow('not yet');
    await expect(host.resolve('tool', 't')).resolves.toBeDefined();
  });

  it('takes back what a failing setup had registered, and says whose it was', async () => {
    const host = createPluginHost();
    const plugin = definePlugin({
      name: 'half',
      setup: (inner) => {
        inner.provide('tool', 't', () => tool('t'));
        throw new Error('boom');
      },
    })();
    await expect(host.use(plugin)).rejects.toMatchObject({
      code: 'ERR_CORE_PLUGIN',
      message: expect.stringMatching(/half.*boom/u) as string,
    });
    expect(host.has('tool', 't')).toBe(false);
  });

  it('refuses the same plug-in twice', async () => {
    const host = createPluginHost();
    const plugin = definePlugin({ name: 'p', setup: () => undefined });
    await host.use(plugin());
    await expect(host.use(plugin())).rejects.toMatchObject({ code: 'ERR_CORE_PLUGIN' });
  });

  it('disposes what was made, last first, each once, even if some fail', async () => {
    const host = createPluginHost();
    const order: string[] = [];
    await host.use(definePlugin({ name: 'p', setup: () => () => void order.push('plugin') })());
    host.provide('tool', 'unused', () => tool('unused'), {
      dispose: () => void order.push('unused'),
    });
    host.provide('tool', 'base', () => tool('base'), { dispose: () => void order.push('base') });
    host.provide('tool', 'top', async ({ resolve }) => resolve('tool', 'base'), {
      dispose: () => {
        order.push('top');
        throw new Error('stuck');
      },
    });
    await host.resolve('tool', 'top');
    const [first, second] = await Promise.allSettled([host.dispose(), host.dispose()]);
    expect(order).toEqual(['top', 'base', 'plugin']);
    expect(first).toEqual(second);
    expect(first).toMatchObject({ status: 'rejected', reason: { errors: [{ message: 'stuck' }] } });
  });

  it('gives nothing more out once it is disposed', async () => {
    const host = createPluginHost();
    host.provide('tool', 't', () => tool('t'));
    await host.dispose();
    const disposed = { code: 'ERR_CORE_HOST_DISPOSED' };
    await expect(host.resolve('tool', 't')).rejects.toMatchObject(disposed);
    await expect(
      host.use(definePlugin({ name: 'p', setup: () => undefined })()),
    ).rejects.toMatchObject(disposed);
    expect(() => {
      host.provide('tool', 'u', () => tool('u'));
    }).toThrow(expect.objectContaining(disposed));
  });
});

describe('definePlugin', () => {
  const greeter = definePlugin({
    name: 'greeter',
    optionsSchema: z.object({ greeting: z.string(), times: z.number().default(1) }),
    setup: (host, options) => {
      host.provide('tool', 'greet', () => tool(options.greeting.repeat(options.times)));
    },
  });

  it('checks options when they are bound, and fills in defaults', async () => {
    const host = createPluginHost();
    await host.use(greeter({ greeting: 'hi', times: 2 }));
    expect((await host.resolve('tool', 'greet')).definition.name).toBe('hihi');
    expect(() => greeter({ greeting: 5 } as never)).toThrow(
      expect.objectContaining({ code: 'ERR_CORE_CONFIG_INVALID' }),
    );
  });
});
