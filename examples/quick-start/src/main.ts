import { strict as assert } from 'node:assert';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// #region embed
import { createAgent } from '@espalier/agents';
import { userMessage } from '@espalier/core';
import { createStaticEncoder } from '@espalier/encoders';
import { createExtractiveAnswerer } from '@espalier/inference';
import { modelFolder } from '@espalier/model-static-256';
import { createKnowledgeBases } from '@espalier/rag';
import { readSourceFiles } from '@espalier/rag/node-files';

const folder = await mkdtemp(join(tmpdir(), 'espalier-'));
const embeddingModel = await createStaticEncoder({ folder: modelFolder });
const bases = await createKnowledgeBases({ folder, embeddingModel });
const handbook = await bases.create({ name: 'handbook' });
const root = join(import.meta.dirname, '..');
await handbook.ingest({ sources: readSourceFiles({ paths: ['handbook'], root }) });

const agent = createAgent({
  name: 'handbook',
  description: 'Answers from the handbook.',
  model: createExtractiveAnswerer({ embeddingModel }),
  retrieval: { retriever: handbook.retriever },
});

let answer = '';
for await (const event of agent.run({
  messages: [userMessage('How many days of annual leave do I have?')],
})) {
  if (event.type === 'text-delta') answer += event.text;
  if (event.type === 'run-finished') {
    console.log(answer);
    for (const { index, source, lines } of event.citations)
      console.log(`[${index}] ${source}:${lines.start}-${lines.end}`);
  }
}
// #endregion embed
await bases.close();
await rm(folder, { recursive: true });

assert.match(answer, /28 days of annual leave/u);
