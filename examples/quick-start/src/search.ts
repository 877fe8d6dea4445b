import { strict as assert } from 'node:assert';
import { rm } from 'node:fs/promises';
// #region search
import { createStaticEncoder } from '@espalier/encoders';
import { modelFolder } from '@espalier/model-static-256';
import { createKnowledgeBases } from '@espalier/rag';
import { readSourceFiles } from '@espalier/rag/node-files';

const embeddingModel = await createStaticEncoder({ folder: modelFolder });
const bases = await createKnowledgeBases({ folder: '.espalier', embeddingModel });
const handbook = await bases.create({ name: 'handbook' });
await handbook.ingest({ sources: readSourceFiles({ paths: ['handbook'] }) });
const { passages } = await handbook.search({ query: 'How many days of annual leave do I have?' });
console.log(passages[0]?.source, passages[0]?.lines, passages[0]?.text);
// #endregion search
await bases.close();
await rm('.espalier', { recursive: true });

assert.match(passages[0]?.text ?? '', /28 days of annual leave/u);
