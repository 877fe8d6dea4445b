import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ConfigError } from '../errors/core-errors.js';
import { parseConfig } from './parse-config.js';
import { byteSizeSchema, durationSchema } from './units.js';

const schema = z.strictObject({
  port: z.number().min(1).max(65_535).default(8787),
  providers: z.array(
    z.object({ id: z.string(), baseURL: z.url(), apiKey: z.string().min(10).optional() }),
  ),
});

const issuesOf = (value: unknown): ConfigError['issues'] => {
  try {
    parseConfig(schema, value, { source: 'espalier.config.json' });
  } catch (error) {
    if (ConfigError.isInstance(error)) return error.issues;
  }
  throw new Error('It was accepted.');
};

describe('parseConfig', () => {
  it('gives the value as the schema makes it', () => {
    expect(parseConfig(schema, { providers: [] }, { source: 'x' })).toEqual({
      port: 8787,
      providers: [],
    });
  });

  it('names path, value and fix of every issue, and the source', () => {
    const value = { port: 99_999, providers: [{ id: 'a', baseURL: 'not a url' }] };
    expect(issuesOf(value).map(({ path, value: found }) => [path, found])).toEqual([
      ['port', '99999'],
      ['providers[0].baseURL', '"not a url"'],
    ]);
    expect(() => parseConfig(schema, value, { source: 'espalier.config.json' })).toThrow(
      /espalier\.config\.json[\s\S]*port[\s\S]*65535[\s\S]*providers\[0\]\.baseURL/u,
    );
  });

  it('says what is missing, what is too much, and what is no object at all', () => {
    expect(issuesOf({})).toMatchObject([{ path: 'providers', value: 'nothing' }]);
    expect(issuesOf({ providers: [], prot: 1 })[0]?.message).toContain('prot');
    expect(issuesOf('text')).toMatchObject([{ path: '', value: '"text"' }]);
  });

  it('never shows what stands under a name that looks like a secret', () => {
    const error: unknown = (() => {
      try {
        return parseConfig(
          schema,
          { providers: [{ id: 'a', baseURL: 'https://x.test', apiKey: 'hunter2' }] },
          { source: 'x' },
        );
      } catch (caught) {
        return caught;
      }
    })();
    expect((error as ConfigError).issues).toMatchObject([
      { path: 'providers[0].apiKey', value: '(withheld)' },
    ]);
    expect(JSON.stringify(error) + String(error)).not.toContain('hunter2');
  });
});

describe('durationSchema', () => {
  it.each<[unknown, number]>([
    [1500, 1500],
    ['0ms', 0],
    ['250ms', 250],
    ['1.5s', 1500],
    ['10 m', 600_000],
    ['24h', 86_400_000],
    ['7d', 604_800_000],
  ])('reads %s', (value, ms) => {
    expect(durationSchema.parse(value)).toBe(ms);
  });

  it.each(['', '10', '-5s', '5 years', '1e3s', -1, Number.NaN, Number.POSITIVE_INFINITY, null])(
    'refuses %s',
    (value) => {
      expect(durationSchema.safeParse(value).success).toBe(false);
    },
  );
});

describe('byteSizeSchema', () => {
  it.each<[unknown, number]>([
    [512, 512],
    ['1B', 1],
    ['32MB', 32_000_000],
    ['1.5KiB', 1536],
    ['1GiB', 1_073_741_824],
  ])('reads %s', (value, bytes) => {
    expect(byteSizeSchema.parse(value)).toBe(bytes);
  });

  it.each(['32', '32mb', 'MB', '-1KB'])('refuses %s', (value) => {
    expect(byteSizeSchema.safeParse(value).success).toBe(false);
  });
});
