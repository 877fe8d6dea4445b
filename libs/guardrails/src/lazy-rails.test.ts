import type { Rail } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { createGuardrails } from './create-guardrails.js';
import { createLazyRail } from './internal/lazy-rail.js';
import { createKeywordRail } from './validation/keyword-rail.js';

const words = (): Rail => createKeywordRail({ name: 'words', words: ['moon'], points: ['output'] });

describe('a rail that loads late', () => {
  it('lets a text wait for it, and loads once for all', async () => {
    const { promise, resolve } = Promise.withResolvers<Rail>();
    let loads = 0;
    const rail = createLazyRail({
      name: 'words',
      points: ['output'],
      load: () => {
        loads += 1;
        return promise;
      },
    });
    const guardrails = createGuardrails({ rails: [rail], timeoutMs: 1 });
    const stream = guardrails.openStream({ point: 'output' });
    let isReleased = false;
    const first = stream.push('The moon is ').then((release) => {
      isReleased = true;
      return release;
    });
    const other = guardrails.check({ point: 'output', text: 'A moon' });
    await Promise.resolve();
    expect(isReleased).toBe(false);
    resolve(words());
    const released = (await first).text + (await stream.end()).text;
    expect(released).toBe('The [redacted:keyword] is ');
    expect((await other).text).toBe('A [redacted:keyword]');
    expect(loads).toBe(1);
    expect(rail.maxHoldBack).toBe(words().maxHoldBack);
  });

  it('stops the texts it should see while it cannot load, and is tried again', async () => {
    let loads = 0;
    const rail = createLazyRail({
      name: 'words',
      points: ['output'],
      load: async () => {
        loads += 1;
        if (loads <= 3) throw new Error('The weights are not there.');
        return words();
      },
    });
    const guardrails = createGuardrails({ rails: [rail] });
    await expect(guardrails.prepare?.()).rejects.toThrow('not there');
    const blocked = await guardrails.check({ point: 'output', text: 'moon' });
    expect(blocked).toMatchObject({ isBlocked: true, text: '' });
    expect(blocked.reason).toContain('ERR_GUARDRAILS_RAIL_FAILED');
    expect((await guardrails.check({ point: 'input', text: 'moon' })).text).toBe('moon');
    expect((await guardrails.check({ point: 'output', text: 'moon' })).text).toBe(
      '[redacted:keyword]',
    );
  });

  it('keeps nobody waiting who has gone', async () => {
    const rail = createLazyRail({
      name: 'words',
      points: ['output'],
      load: () => new Promise<Rail>(() => undefined),
    });
    const guardrails = createGuardrails({ rails: [rail] });
    const leaving = new AbortController();
    const check = guardrails.check({
      point: 'output',
      text: 'moon',
      abortSignal: leaving.signal,
    });
    leaving.abort(new DOMException('Gone.', 'AbortError'));
    await expect(check).rejects.toThrow('Gone.');
  });
});
