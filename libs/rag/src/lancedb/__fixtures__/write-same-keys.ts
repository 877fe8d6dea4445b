import { createLanceDbStore } from '../create-lance-db-store.ts';

/** Upserts ten keys again and again, each time with a field of its own, beside other processes that do the same. */
const [uri = '', who = ''] = process.argv.slice(2);
const store = createLanceDbStore({ uri });
const index = await store.openIndex({ name: 'shared', dimension: 2, embedding: 'e' });
for (let n = 0; n < 20; n += 1) {
  const id = `key ${n % 10}`;
  const vector = Float32Array.of(1, n);
  await index.upsert({ records: [{ id, vector, text: who, metadata: { [who]: n } }] });
}
await store.close();
