import { createSimdStore } from '../create-simd-store.js';

/** Upserts, replaces and deletes in a loop, and says what each commit has brought, until it is killed. */
const store = createSimdStore({ folder: process.argv[2] ?? '' });
const index = await store.openIndex({ name: 'crash', dimension: 8, embedding: 'e' });
for (let round = 0; ; round += 1) {
  const records = Array.from({ length: 50 }, (_, n) => ({
    id: `r${n}`,
    vector: Float32Array.from({ length: 8 }, (__, i) => round + n + i + 1),
    text: `round ${round} `.repeat(40),
    metadata: { round },
  }));
  await index.upsert({ records });
  process.stdout.write(`${`round ${round}`}\n`);
}
