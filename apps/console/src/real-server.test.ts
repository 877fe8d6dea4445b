// @vitest-environment node
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSilentLogger } from '@espalier/core';
import { configSchema, createServer, type RunningServer } from '@espalier/reference-server';
import type { Browser } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingChromium, startChromium } from './__fixtures__/chromium.js';

const missing = missingChromium();
const title = 'the console on the reference server';

describe.skipIf(missing !== undefined)(
  missing === undefined ? title : `${title} (skipped: ${missing})`,
  { timeout: 180_000 },
  () => {
    let folder: string;
    let server: RunningServer;
    let browser: Browser;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'espalier-console-'));
      const consoleFolder = join(folder, 'console');
      await build({
        root: new URL('..', import.meta.url).pathname,
        logLevel: 'silent',
        mode: 'production',
        build: { outDir: consoleFolder, emptyOutDir: true },
      });
      server = await createServer({
        config: configSchema.parse({
          sample: false,
          store: 'memory',
          embedding: { model: 'static-256' },
          server: { host: '127.0.0.1', port: 0 },
        }),
        dataFolder: join(folder, 'data'),
        version: '0.0.0-test',
        logger: createSilentLogger(),
        overrides: { consoleFolder },
      });
      browser = await startChromium();
    }, 120_000);

    afterAll(async () => {
      await browser.close();
      await server.close();
      await rm(folder, { recursive: true, force: true });
    });

    it('makes a knowledge base, fills it, and answers from it with a citation that opens', async () => {
      const page = await browser.newPage();
      // A busy machine takes its time.
      page.setDefaultTimeout(60_000);
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      await page.goto(`${server.url}/knowledge-bases`);
      await page.getByLabel('API key').fill(server.adminKey ?? '');
      await page.getByRole('button', { name: 'Sign in' }).click();

      await page.getByRole('button', { name: 'New knowledge base' }).click();
      await page.getByLabel('Name', { exact: true }).fill('orchard');
      await page.getByRole('button', { name: 'Create', exact: true }).click();
      await page.getByLabel('Choose files').setInputFiles({
        name: 'pruning.md',
        mimeType: 'text/markdown',
        buffer: Buffer.from('# Pruning\n\nPrune an espalier in winter, when it sleeps.\n'),
      });
      await page.getByText('Done: 1 added').waitFor();

      await page.getByRole('link', { name: 'Ask it' }).click();
      await page.getByLabel('Your question').fill('When do I prune an espalier?');
      await page.keyboard.press('Enter');
      const turn = page.getByRole('article', { name: 'When do I prune an espalier?' });
      await turn.getByText('Tokens read').waitFor();
      await turn.getByRole('button', { name: 'Source 1: pruning.md, line 3' }).first().click();
      const mark = page.getByRole('dialog', { name: 'Pruning' }).locator('mark');
      expect(await mark.innerText()).toBe('Prune an espalier in winter, when it sleeps.');
      await page.keyboard.press('Escape');

      await page.getByRole('link', { name: 'Search', exact: true }).click();
      await page.getByLabel('Query').fill('pruning espaliers');
      await page.keyboard.press('Enter');
      const found = page.getByRole('article', { name: /^1\. pruning\.md/u });
      await found.waitFor();
      expect((await found.locator('mark').allInnerTexts()).slice(-2)).toEqual([
        'Prune',
        'espalier',
      ]);
      expect(await found.getByRole('table').innerText()).toContain('Words');
      expect(complaints).toEqual([]);
    });
  },
);
