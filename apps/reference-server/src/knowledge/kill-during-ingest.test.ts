import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createEspalierClient, type EspalierClient } from '@espalier/sdk-ts';
import { afterEach, expect, it } from 'vitest';

const hooks = new URL('../__fixtures__/source-hooks.mjs', import.meta.url).href;
const program = fileURLToPath(new URL('../__fixtures__/ingest-process.ts', import.meta.url));
const children: ChildProcess[] = [];
let folder = '';

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

async function startProcess(hangAfter = '') {
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      '--conditions=@espalier/source',
      '--import',
      hooks,
      program,
      folder,
      hangAfter,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { url, key } = JSON.parse(String((await lines.next()).value)) as {
    url: string;
    key: string;
  };
  return { child, lines, client: createEspalierClient({ baseUrl: url, apiKey: key }) };
}

async function listSources(client: EspalierClient): Promise<string[]> {
  const sources: string[] = [];
  for await (const document of client.documents.list({ knowledgeBase: 'kb' }))
    sources.push(document.source);
  return sources;
}

const files = Array.from({ length: 120 }, (_, index) => ({
  source: `notes/${String(index).padStart(3, '0')}.md`,
  data: `# Note ${index}\n\nThe word of this note is keyword${index}.\n`,
}));

it('an ingest whose process is killed with -9 finishes by itself after a restart, with nothing lost or doubled', async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-kill-'));
  const first = await startProcess('1');
  const job = await first.client.documents.uploadInBackground({
    knowledgeBase: 'kb',
    create: true,
    files,
  });
  expect((await first.lines.next()).value).toBe('hanging');
  expect((await first.client.jobs.get({ id: job.id })).status).toBe('running');
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');

  const second = await startProcess();
  const done = await second.client.jobs.wait({ id: job.id, pollMs: 50 });
  expect(done).toMatchObject({ status: 'succeeded', attempts: 2, result: { failed: [] } });
  const sources = files.map((file) => file.source);
  expect(await listSources(second.client)).toEqual(sources);
  const { documents, chunks } = await second.client.knowledgeBases.get({ name: 'kb' });
  expect({ documents, chunks }).toEqual({ documents: files.length, chunks: files.length });
  const found = await second.client.search({ knowledgeBase: 'kb', query: 'keyword77', topK: 3 });
  expect(found.passages[0]?.source).toBe('notes/077.md');

  const again = await second.client.documents.upload({ knowledgeBase: 'kb', files });
  expect(again).toMatchObject({ added: 0, updated: 0, unchanged: files.length, failed: [] });
  expect((await second.client.knowledgeBases.get({ name: 'kb' })).chunks).toBe(chunks);
  expect((await readdir(join(folder, 'uploads'))).length).toBeLessThanOrEqual(2);
}, 60_000);
