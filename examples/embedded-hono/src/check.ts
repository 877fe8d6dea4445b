import { strict as assert } from 'node:assert';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStaticEncoder } from '@espalier/encoders';
import { createExtractiveAnswerer } from '@espalier/inference';
import { modelFolder } from '@espalier/model-static-256';
import { createKnowledgeBases } from '@espalier/rag';
import { createApp } from './app.ts';

const returns = `# Returns

Opened items can be returned within 14 days. Unopened items can be returned within 60 days.

Write to returns@shop.example to get a label.`;

const folder = await mkdtemp(join(tmpdir(), 'espalier-'));
const embeddingModel = await createStaticEncoder({ folder: modelFolder });
const bases = await createKnowledgeBases({ folder, embeddingModel });
const knowledgeBase = await bases.create({ name: 'shop' });
await knowledgeBase.ingest({
  sources: [{ source: 'returns.md', bytes: new TextEncoder().encode(returns) }],
});

const app = createApp({ knowledgeBase, model: createExtractiveAnswerer({ embeddingModel }) });
const ask = async (question: string): Promise<string> => {
  const response = await app.request('/support', {
    method: 'POST',
    body: JSON.stringify({ question }),
  });
  assert.equal(response.status, 200);
  return response.text();
};

const answer = await ask('When can I return opened items?');
console.log(answer);
assert.match(answer, /event: citation/u);
assert.match(answer.replace(/\n+(event|data): ?(text\n)?/gu, ''), /14/u);

const guarded = await ask('Where do I get a label?');
assert.ok(!guarded.includes('returns@shop.example'), 'the rail lets no e-mail address out');

await bases.close();
await rm(folder, { recursive: true });
