import { createRecordingLogger, createMockModel } from '@espalier/testing';
import { afterEach, describe, expect, it } from 'vitest';
import {
  MOCK_AGENT,
  startTestServer,
  type TestServer,
  type TestServerOptions,
} from '../__fixtures__/start-test-server.js';

let server: TestServer;
afterEach(() => server.remove());

const start = async (options: TestServerOptions = {}): Promise<void> => {
  server = await startTestServer({
    model: createMockModel({
      turns: () => ({ text: 'Well.', usage: { inputTokens: 7, outputTokens: 2 } }),
    }),
    ...options,
    config: { agents: [MOCK_AGENT], ...options.config },
  });
};
const run = (input: string) => server.request('/api/v1/agents/mock/runs', { json: { input } });
const complete = (model: string, content: string) =>
  server.request('/v1/chat/completions', {
    json: { model, messages: [{ role: 'user', content }] },
  });
const SECRET = `AKIA${'IOSFODNN7EXAMPLQ'}`;

describe('/metrics', () => {
  it('counts runs, tokens, jobs and what rails did, of both wires', async () => {
    await start();
    await run('Hi');
    await run(`My card is 4111 1111 1111 1111, mail ada@example.org.`);
    await complete('agent:mock', 'Hi');
    await complete('mock', 'Write to ada@example.org.');
    await server.request('/api/v1/knowledge-bases', { json: { name: 'kb' } });
    await server.request('/api/v1/knowledge-bases/kb/documents', {
      json: { documents: [{ source: 'a.md', text: 'A text.' }] },
    });
    const lines = (await (await server.request('/metrics')).text()).split('\n');
    expect(lines).toContain('espalier_runs_total{agent="mock",outcome="succeeded"} 3');
    expect(lines).toContain('espalier_tokens_total{model="mock",direction="input"} 7');
    expect(lines).toContain('espalier_tokens_total{model="mock",direction="output"} 2');
    expect(lines).toContain('espalier_tokens_total{model="agent:mock",direction="output"} 2');
    expect(lines).toContain('espalier_tokens_total{model="mock-model",direction="input"} 14');
    expect(lines).toContain('espalier_job_attempts_total{kind="ingest",outcome="succeeded"} 1');
    expect(lines).toContain(
      'espalier_rail_verdicts_total{rail="pii",point="input",action="redact"} 2',
    );
    expect(lines.join('\n')).not.toContain('ada@example.org');
  });
});

describe('logs.prompts', () => {
  it('logs no text of prompts unless it is set', async () => {
    const logger = createRecordingLogger();
    await start({ logger });
    await run('An unlikely sentence.');
    await complete('mock', 'An unlikely sentence.');
    expect(JSON.stringify(logger.lines)).not.toContain('unlikely');
  });

  it('logs them where it is set, as the rails leave them', async () => {
    const logger = createRecordingLogger();
    await start({ logger, config: { logs: { level: 'info', prompts: true } } });
    await run(`An unlikely sentence with ${SECRET}.`);
    await complete('mock', `Another unlikely sentence with ${SECRET}.`);
    const prompts = logger.lines.filter(({ message }) => message === 'prompt');
    expect(prompts).toHaveLength(2);
    for (const { fields } of prompts) expect(JSON.stringify(fields)).toContain('nlikely sentence');
    expect(logger.lines.filter(({ message }) => message === 'answer')).toHaveLength(1);
    expect(JSON.stringify(logger.lines)).not.toContain(SECRET);
  });
});
