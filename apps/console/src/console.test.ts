// @vitest-environment node
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { missingChromium, startChromium } from './__fixtures__/chromium.js';
import { startFixtureServer, type FixtureServer } from './__fixtures__/fixture-server.js';

const missing = missingChromium();
const title = missing === undefined ? 'the console' : `the console (skipped: ${missing})`;

describe.skipIf(missing !== undefined)(title, { timeout: 180_000 }, () => {
  let folder: string;
  let server: FixtureServer;
  let browser: Browser;
  /** What the page complained about: script errors, refusals of the content security policy, foreign requests. */
  let complaints: string[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'espalier-console-build-'));
    await build({
      root: new URL('..', import.meta.url).pathname,
      logLevel: 'silent',
      mode: 'production',
      build: { outDir: folder, emptyOutDir: true },
    });
    server = await startFixtureServer({ consoleFolder: folder, pauseMs: 2 });
    browser = await startChromium();
  }, 120_000);

  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });

  afterAll(async () => {
    await browser.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function openPage(path = '/', settings: BrowserContextOptions = {}): Promise<Page> {
    complaints = [];
    const context = await browser.newContext(settings);
    const page = await context.newPage();
    // A busy machine takes its time.
    page.setDefaultTimeout(60_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      // The fixture breaks a stream on purpose, and refuses wrong keys: browsers report both.
      const isExpected = /ERR_INCOMPLETE_CHUNKED_ENCODING|status of 401/u.test(message.text());
      if (message.type() === 'error' && !isExpected) complaints.push(message.text());
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(server.url)) complaints.push(`foreign: ${request.url()}`);
    });
    await page.goto(`${server.url}${path}`);
    await page.getByLabel('API key').waitFor();
    return page;
  }

  async function signIn(page: Page): Promise<void> {
    await page.getByLabel('API key').fill(server.apiKey);
    await page.keyboard.press('Enter');
  }

  async function accessibilityProblems(page: Page): Promise<string[]> {
    const axe = await readFile(
      createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
      'utf8',
    );
    await page.evaluate(axe);
    return page.evaluate(async () => {
      const { axe: checker } = globalThis as unknown as {
        axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      };
      const { violations } = await checker.run();
      return violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`,
      );
    });
  }

  it('answers a question with citations that lead into their document, by keyboard alone', async () => {
    const page = await openPage();
    await signIn(page);
    const question = page.getByLabel('Your question');
    await question.waitFor();
    await expect
      .poll(() => page.getByLabel('Knowledge base').inputValue(), { timeout: 30_000 })
      .toBe('espalier');
    await question.focus();
    await page.keyboard.type('How do I write a plug-in?');
    await page.keyboard.press('Enter');

    const turn = page.getByRole('article', { name: 'How do I write a plug-in?' });
    await turn.getByRole('heading', { name: 'Sources' }).waitFor();
    expect(await turn.innerText()).toContain('definePlugin with a name');
    // The stream was broken once: nothing of the answer came twice.
    expect((await turn.innerText()).match(/with a name and a/gu)).toHaveLength(1);
    expect(server.requests.filter((request) => request.endsWith('/stream'))).toHaveLength(2);

    const steps = page.getByRole('region', { name: 'How this answer came about' });
    await steps.getByText('Tokens read').waitFor();
    const shown = await steps.innerText();
    for (const fact of [
      'bm25',
      '11.8',
      'vector',
      '0.743',
      'secrets, pii',
      'extractive',
      '812',
      'redact',
      '38 ms',
    ]) {
      expect(shown).toContain(fact);
    }
    await page.getByRole('status').filter({ hasText: '2 sources' }).waitFor({ state: 'attached' });

    const chips = turn.getByRole('button', { name: /^Source \d/u });
    expect(await chips.allInnerTexts()).toEqual(['1', '2', '1']);
    await chips.nth(2).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Writing a plug-in' });
    const marks = dialog.locator('mark');
    await marks.first().waitFor();
    // The text as it stands in the page: what is laid out so far says less on a busy machine.
    await expect
      .poll(async () => (await marks.allTextContents()).join('\n'), { timeout: 30_000 })
      .toMatch(/^```ts\nexport const mine[^]*```$/u);
    const markedElement = await page.evaluate(() => document.activeElement?.tagName);
    expect(markedElement).toBe('MARK');

    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    expect(await chips.nth(2).evaluate((chip) => chip === document.activeElement)).toBe(true);
    expect(complaints).toEqual([]);
  });

  it('tells that a key is wrong, keeps a right one for the tab, and forgets it on sign-out', async () => {
    const page = await openPage('/knowledge-bases');
    await page.getByLabel('API key').fill('esp_wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('The server does not know this key.').waitFor();
    await signIn(page);
    await page.getByRole('link', { name: 'orchard' }).waitFor();
    await page.reload();
    await page.getByRole('link', { name: 'orchard' }).waitFor();
    expect(await page.evaluate(() => localStorage.getItem('espalier.apiKey'))).toBeNull();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('API key').waitFor();
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('uploads files into a knowledge base and tells what became of them', async () => {
    const page = await openPage('/knowledge-bases/espalier');
    await signIn(page);
    await page.getByLabel('Choose files').setInputFiles({
      name: 'pruning.md',
      mimeType: 'text/markdown',
      buffer: Buffer.from('# Pruning\n\nIn winter.'),
    });
    await page.getByText('Done: 1 added').waitFor();
    expect(complaints).toEqual([]);
  });

  it('shows why each passage of a search stands where it does', async () => {
    const page = await openPage('/search?kb=espalier');
    await signIn(page);
    await page.getByLabel('Query').fill('How do I write a plug-in?');
    await page.keyboard.press('Enter');
    const passage = page.getByRole('article', { name: /^1\. docs/u });
    await passage.waitFor();
    expect(await passage.locator('mark').allInnerTexts()).toEqual(['definePlugin', 'setup']);
    const legs = await passage.getByRole('table').innerText();
    for (const fact of ['Words', '11.8', 'Meaning', '0.743', '0.6 × 2.9', '1.74'])
      expect(legs).toContain(fact);
    expect(
      await page.getByRole('region', { name: 'The search', exact: true }).innerText(),
    ).toContain('2 of 12 passages compared');
    expect(page.url()).toContain('q=How+do+I+write+a+plug-in');
    await passage.getByRole('button').click();
    await page.getByRole('dialog').locator('mark').first().waitFor();
    await page.keyboard.press('Escape');
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('shows a training job live: curves by keyboard, evaluations, samples, and lets it be paused', async () => {
    const page = await openPage('/training');
    await signIn(page);
    const row = page.getByRole('row', { name: /^support/u });
    expect(await row.innerText()).toContain('40 / 80');
    await row.getByRole('link', { name: 'support' }).click();
    await page.getByText('Step 40 of 80').waitFor();
    const curve = page.getByRole('slider', { name: 'Loss' });
    await expect
      .poll(() => curve.getAttribute('aria-valuetext'), { timeout: 30_000 })
      .toBe('Step 40: training 2, evaluation 2.2');
    await curve.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await page.getByText('Step 2: training 5.8').waitFor();
    for (const name of ['Learning rate', 'Gradient norm', 'Tokens a second', 'Memory'])
      expect(await page.getByRole('slider', { name }).count()).toBe(1);
    expect(await page.getByRole('region', { name: 'Evaluations' }).innerText()).toContain('9.03');
    await page.getByText('Tell me its number.').waitFor();
    await page.getByText('Step 40: checkpoint written.').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);

    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await page.getByRole('button', { name: 'Cancel job' }).click();
    await page
      .getByRole('dialog', { name: 'Cancel this job?' })
      .getByRole('button', { name: 'Cancel job' })
      .click();
    await page.getByText('The job is cancelled.').first().waitFor({ state: 'attached' });
    expect(await page.getByRole('button', { name: 'Pause' }).count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('starts a training job from a job file, and tells the line that is wrong in it', async () => {
    const page = await openPage('/training');
    await signIn(page);
    await page.getByRole('button', { name: 'New training job' }).click();
    await page.getByLabel('Training data').setInputFiles({
      name: 'chats.jsonl',
      mimeType: 'application/jsonl',
      buffer: Buffer.from('{"messages":[]}\n'),
    });
    await page.getByLabel('A job file (YAML or JSON)').check();
    const file = page.getByRole('textbox', { name: 'Job file' });
    await file.fill('model: tiny\nmax_steps: [1');
    await page.getByRole('button', { name: 'Start training' }).click();
    await page.getByRole('alert').filter({ hasText: 'line 2' }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await file.fill('model: tiny\noutput_dir: ./out\nmax_steps: 12');
    await page.getByRole('button', { name: 'Start training' }).click();
    await page.locator('summary').filter({ hasText: 'Settings' }).click();
    await page.getByText('"max_steps": 12').waitFor();
    expect(await page.getByText('output_dir').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('promotes, aliases and compares versions of a model, and rolls production back', async () => {
    const page = await openPage('/registry');
    await signIn(page);
    await page.getByRole('link', { name: 'support', exact: true }).click();
    const differences = page.getByRole('region', { name: 'Differences' });
    await differences.waitFor();
    expect(await differences.innerText()).toMatch(/learning_rate\s+setting\s+0.001\s+0.002/u);
    await page.getByLabel('Stage of support@2').selectOption('production');
    await page.getByText('support@2 is in production: it answers as').waitFor();
    await page.getByLabel('Alias', { exact: true }).fill('blue');
    await page.getByLabel('Points at').selectOption('support@1');
    await page.getByRole('button', { name: 'Set alias' }).click();
    await page.getByText('support@blue').waitFor();
    await page.getByRole('button', { name: 'Remove alias blue' }).click();
    await page.getByText('support@blue').waitFor({ state: 'detached' });
    await page.getByText('support@2', { exact: true }).last().click();
    await page.getByText('b'.repeat(64)).first().waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Roll production back' }).click();
    await page.getByText('support@1 is in production: it answers as').waitFor();
    expect(complaints).toEqual([]);
  });

  it('shows a page of its own for an address that is none', async () => {
    const page = await openPage('/no/such/page');
    await signIn(page);
    await page.getByRole('heading', { name: 'No such page' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it.each(['light', 'dark'] as const)(
    'has no accessibility problem that axe knows (%s)',
    async (colorScheme) => {
      const page = await openPage('/', { colorScheme });
      expect(await accessibilityProblems(page)).toEqual([]);
      await signIn(page);
      await page.getByLabel('Your question').fill('How do I write a plug-in?');
      await page.keyboard.press('Enter');
      await page.getByText('Tokens read').waitFor();
      await page.emulateMedia({ reducedMotion: 'reduce' });
      expect(await accessibilityProblems(page)).toEqual([]);
      await page
        .getByRole('button', { name: /^Source 2/u })
        .first()
        .click();
      await page.locator('mark').first().waitFor();
      expect(await accessibilityProblems(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('link', { name: 'Knowledge bases' }).click();
      await page.getByRole('link', { name: 'espalier', exact: true }).click();
      await page.getByRole('table').waitFor();
      expect(await accessibilityProblems(page)).toEqual([]);
    },
  );

  it('does not scroll sideways on a phone', async () => {
    const page = await openPage('/', { viewport: { width: 360, height: 740 } });
    await signIn(page);
    await page.getByLabel('Your question').fill('How do I write a plug-in?');
    await page.getByRole('button', { name: 'Ask', exact: true }).click();
    await page.getByText('Tokens read').waitFor();
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBe(0);
    await page.goto(`${server.url}/search?kb=espalier&q=plug-in`);
    await page.getByRole('article').first().waitFor();
    const wide = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(wide).toBe(0);
    for (const [path, name] of [
      ['/training/ftjob-1', 'Curves'],
      ['/registry/support', 'Differences'],
    ] as const) {
      await page.goto(`${server.url}${path}`);
      await page.getByRole('region', { name }).waitFor();
      expect(
        await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        ),
      ).toBe(0);
    }
  });
});
