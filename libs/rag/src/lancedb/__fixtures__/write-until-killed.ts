import { createLanceDbStore } from '../create-lance-db-store.ts';

/** Adds a record and replaces ten others in a loop, and says what each write has brought, until it is killed. */
const store = createLanceDbStore({ uri: process.argv[2] ?? '' });
const index = await store.openIndex({ name: 'crash', dimension: 4, embedding: 'e' });
for (let round = 0; ; round += 1) {
  const ids = [`new ${round}`, ...Array.from({ length: 10 }, (_, n) => `kept ${n}`)];
  await index.upsert({
    records: ids.map((id) => ({
      id,
      vector: Float32Array.of(1, 2, 3, round),
      text: `round ${round}`,
      metadata: { round },
    })),
  });
  process.stdout.write(`${`round ${round}`}\n`);
}
