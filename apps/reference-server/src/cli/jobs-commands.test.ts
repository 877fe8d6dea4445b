import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCommandLine } from '../__fixtures__/command-line.js';
import { SOURCE_TRAINING_PROGRAM } from '../__fixtures__/source-training-program.js';
import { startTestServer, type TestServer } from '../__fixtures__/start-test-server.js';

const TUNING = join(import.meta.dirname, '../../../../libs/training/src/__fixtures__/tuning');
const line = createCommandLine();

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({
    config: { training: { models: { tiny: join(TUNING, 'chat') }, backend: 'js' } },
    trainingProgram: SOURCE_TRAINING_PROGRAM,
  });
});
afterAll(() => server.remove());

const jobs = async (...args: string[]): Promise<{ code: number; out: string }> => {
  const code = await line.run(['jobs', ...args], {
    ESPALIER_URL: server.url,
    ESPALIER_API_KEY: server.localKey,
  });
  return { code, out: line.out };
};

describe('espalier jobs', () => {
  it('queues a job from files, follows it, and lists it', async () => {
    await writeFile(join(line.folder, 'settings.json'), '{"max_steps":2,"lora":{"r":2}}');
    const created = await jobs(
      'create',
      ...['--model', 'tiny', '--train-data', join(TUNING, 'chats.jsonl')],
      ...['--settings', 'settings.json', '--register', 'support', '--json'],
    );
    const { id } = JSON.parse(created.out) as { id: string };
    const followed = await jobs('follow', id);
    expect(followed.code).toBe(0);
    expect(followed.out).toMatch(/^step {2}step 2 {2}loss /mu);
    expect((await jobs('list')).out).toMatch(/succeeded +tiny +2\/2 .* support@1\n/u);
  });

  it('pauses, resumes and cancels', async () => {
    await writeFile(join(line.folder, 'settings.json'), '{"max_steps":100000,"lora":{"r":2}}');
    const created = await jobs(
      'create',
      ...['--model', 'tiny', '--train-data', join(TUNING, 'chats.jsonl')],
      ...['--settings', 'settings.json', '--json'],
    );
    const { id } = JSON.parse(created.out) as { id: string };
    expect((await jobs('pause', id)).code).toBe(0);
    expect((await jobs('cancel', id)).code).toBe(0);
    expect((await jobs('follow', id)).code).toBe(1);
    expect((await jobs('resume', id)).code).not.toBe(0);
  });
});
