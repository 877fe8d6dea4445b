import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMockModel } from '@espalier/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MOCK_AGENT, startTestServer, type TestServer } from '../__fixtures__/start-test-server.js';

const POLICY = `version: 1
name: quiet
rails:
  - { id: words, kind: keywords, at: [output], words: [moon] }
tenants:
  loud:
    rails:
      - { id: words, mode: off }
`;

let server: TestServer;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-policies-'));
  const policy = join(folder, 'quiet.yaml');
  await writeFile(policy, POLICY);
  server = await startTestServer({
    model: createMockModel({ turns: () => 'The moon.' }),
    config: {
      agents: [MOCK_AGENT],
      guardrails: {
        assignments: [
          { policy, tenants: ['acme', 'loud'] },
          { policy, routes: ['/v1/messages'] },
        ],
      },
    },
  });
});
afterAll(async () => {
  await server.remove();
  await rm(folder, { recursive: true });
});

async function keyFor(tenant: string | undefined): Promise<string> {
  const response = await server.request('/api/v1/keys', {
    json: { name: 'a key', role: 'user', ...(tenant === undefined ? {} : { tenant }) },
  });
  return ((await response.json()) as { key: string }).key;
}

it.each([
  ['/api/v1/agents/mock/runs', undefined, 'The moon.'],
  ['/api/v1/agents/mock/runs', 'acme', 'The [redacted:keyword].'],
  ['/api/v1/agents/mock/runs', 'loud', 'The moon.'],
  ['/v1/chat/completions', undefined, 'The moon.'],
  ['/v1/chat/completions', 'acme', 'The [redacted:keyword].'],
  ['/v1/responses', 'loud', 'The moon.'],
  ['/v1/messages', undefined, 'The [redacted:keyword].'],
])(
  '%s of tenant %s is guarded by the policy that is assigned to it',
  async (path, tenant, text) => {
    const key = await keyFor(tenant);
    const messages = [{ role: 'user', content: 'Who?' }];
    for (const model of ['mock', 'agent:mock']) {
      const response = await server.request(path, {
        key,
        json: path.startsWith('/api')
          ? { input: 'Who?' }
          : path === '/v1/responses'
            ? { model, input: 'Who?' }
            : { model, messages, max_tokens: 50 },
      });
      expect(response.ok).toBe(true);
      expect(await response.text()).toContain(text);
    }
  },
);

it('stops the start when an assigned policy is wrong', async () => {
  const policy = join(folder, 'wrong.yaml');
  await writeFile(policy, 'version: 1\nname: wrong\nrails:\n  - { id: a, kind: moon }\n');
  const starting = startTestServer({
    config: { guardrails: { assignments: [{ policy, keys: ['key_*'] }] } },
  });
  await expect(starting).rejects.toMatchObject({ code: 'ERR_GUARDRAILS_POLICY_INVALID' });
});
