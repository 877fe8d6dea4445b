// The reference server's hot path with nothing else loaded: key check, logs in a worker, one rail, one provider.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createIdGenerator, createSystemClock, createSystemRandom } from '@espalier/core';
import { createGuardrails, createSecretsRail } from '@espalier/guardrails';
import { wireTargetOf } from '@espalier/inference';
import { createOpenAICompatible } from '@espalier/inference/openai-compatible';
import { createServerLogger } from '../../apps/reference-server/src/composition/create-logger.js';
import { createWires } from '../../apps/reference-server/src/wires/create-wires.js';
import { hashSecret } from '../../apps/reference-server/src/state/hash-secret.js';
import { DEFAULT_WIRE_LIMITS } from '../../apps/reference-server/src/wires/wires-context.js';

const clock = createSystemClock();
const model = createOpenAICompatible({
  id: 'bench',
  baseURL: `${process.env['BENCH_UPSTREAM'] ?? ''}/v1`,
  apiKey: 'upstream',
  model: 'upstream-model',
});
// As the server's own key store does: the hash of a key is looked up in memory.
const keys = new Map([[hashSecret('esp_bench'), { keyId: 'bench' }]]);
const rails =
  process.env['BENCH_RAILS'] === '0' ? [] : [createSecretsRail({ points: ['input', 'output'] })];
const logger = createServerLogger({
  level: process.env['BENCH_LEVEL'] ?? 'info',
  destination: process.env['BENCH_LOG'] ?? '/dev/null',
});
const wires = createWires({
  models: {
    list: () => [],
    resolve: (id) => (id === 'bench-model' ? { kind: 'model', model } : undefined),
    embedding: () => undefined,
  },
  authenticate: (key) => {
    const caller = keys.get(hashSecret(key));
    return caller === undefined ? { ok: false, reason: 'unknown' } : { ok: true, caller };
  },
  guardrails: createGuardrails({ rails }),
  limits: DEFAULT_WIRE_LIMITS,
  logger,
  logRequest: (message, summary) => {
    logger.record(message, { ...summary });
  },
  clock,
  ids: createIdGenerator({ clock, random: createSystemRandom() }),
  wireTargetOf,
});
const server = createServer((req, res) => {
  if (!wires.handleRaw(req, res)) res.writeHead(404).end();
});
process.on('SIGINT', () => process.exit(0));
server.listen(0, '127.0.0.1', () =>
  process.send?.({ port: (server.address() as AddressInfo).port }),
);
