import { createSilentLogger, type EmbeddingModel } from '@espalier/core';
import { createMockEmbeddingModel } from '@espalier/testing';
import { createServer } from '../composition/create-server.js';
import { configSchema } from '../config/config-schema.js';

const [dataFolder = '', hangAfter = ''] = process.argv.slice(2);

/** Embeds as ever, but stops for good after some calls, so that a kill surely comes in the middle. */
function embeddingModel(): EmbeddingModel {
  const model = createMockEmbeddingModel();
  let calls = 0;
  return {
    ...model,
    async doEmbed(options) {
      calls += 1;
      if (hangAfter !== '' && calls > Number(hangAfter)) {
        process.stdout.write('hanging\n');
        await new Promise(() => undefined);
      }
      return model.doEmbed(options);
    },
  };
}

const server = await createServer({
  config: configSchema.parse({
    sample: false,
    store: 'memory',
    server: { host: '127.0.0.1', port: 0 },
  }),
  dataFolder,
  version: '0.0.0-test',
  logger: createSilentLogger(),
  overrides: { loadEmbeddingModel: () => Promise.resolve(embeddingModel()) },
});
process.stdout.write(`${JSON.stringify({ url: server.url, key: server.localKey })}\n`);
