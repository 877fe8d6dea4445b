import type { ServerResponse } from 'node:http';

/** A job that is half done, and a registry with two versions, for the tests of the console. */
export interface SampleTraining {
  /** What a request is answered with; undefined where it is none of training. */
  answer(route: string, body: string): { status: number; body: unknown } | undefined;
  /** Streams what the job has told, and stays open until it is cancelled. */
  stream(response: ServerResponse, afterId: number): void;
}

const AT = '2026-11-22T16:30:00.000Z';
const STEPS = 40;

/** Creates the fixture; what is paused, promoted or aliased stays so. */
export function createSampleTraining(): SampleTraining {
  const job = {
    id: 'ftjob-1',
    status: 'running',
    task: 'sft',
    model: 'tiny',
    trainingFile: 'file-1',
    validationFile: 'file-2',
    register: 'support',
    settings: { max_steps: 80, learning_rate: 0.001 } as Record<string, unknown>,
    progress: {
      step: STEPS,
      totalSteps: 80,
      loss: 2.05,
      learningRate: 0.0005,
      gradNorm: 1.2,
      trainedTokens: 1200,
      tokensPerSecond: 900,
      memoryBytes: 250_000_000,
      etaSeconds: 44,
      evalLoss: 2.2,
    },
    result: null,
    error: null,
    createdAt: AT,
    startedAt: AT,
    finishedAt: null,
  };
  const events: object[] = jobEvents();
  const listeners = new Set<() => void>();
  const versions = [version(2, 2.05, 0.002), version(1, 2.4, 0.001)];
  const become = (status: string): { status: number; body: unknown } => {
    job.status = status;
    events.push({ type: 'status', status, error: null });
    for (const listener of listeners) listener();
    return { status: 200, body: job };
  };
  const page = (data: readonly unknown[]) => ({ status: 200, body: { data, nextCursor: null } });

  return {
    answer(route, body) {
      switch (route) {
        case 'GET /training/jobs':
          return page([job]);
        case 'GET /training/jobs/ftjob-1':
          return { status: 200, body: job };
        case 'POST /training/jobs/ftjob-1/pause':
          return become('paused');
        case 'POST /training/jobs/ftjob-1/resume':
          return become('running');
        case 'POST /training/jobs/ftjob-1/cancel':
          return become('cancelled');
        case 'POST /training/files':
          return { status: 201, body: { id: 'file-1', name: 'a.jsonl', bytes: 9, createdAt: AT } };
        case 'POST /training/jobs':
          job.settings = (JSON.parse(body) as typeof job).settings;
          return { status: 201, body: job };
        case 'GET /registry/versions':
          return page(versions);
        case 'GET /registry/diff':
          return { status: 200, body: DIFFERENCE };
        default:
          return change(versions, route, body);
      }
    },
    stream(response, afterId) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      let sent = afterId;
      const send = (): void => {
        for (; sent < events.length; sent++)
          response.write(
            `id: ${sent + 1}\nevent: message\ndata: ${JSON.stringify(events[sent])}\n\n`,
          );
        if (job.status === 'cancelled') response.end();
      };
      listeners.add(send);
      response.on('close', () => listeners.delete(send));
      send();
    },
  };
}

function change(
  versions: ReturnType<typeof version>[],
  route: string,
  body: string,
): { status: number; body: unknown } | undefined {
  const promoted = /^POST \/registry\/versions\/support%40(\d)\/promote$/u.exec(route)?.[1];
  if (promoted !== undefined) {
    const { stage } = JSON.parse(body) as { stage: string };
    const found = versions.find((one) => one.version === Number(promoted));
    if (found === undefined) return undefined;
    if (stage === 'production')
      for (const one of versions) if (one.stage === stage) one.stage = 'archived';
    found.stage = stage;
    return { status: 200, body: found };
  }
  if (route === 'POST /registry/models/support/rollback') {
    const [latest, earlier] = versions;
    if (latest === undefined || earlier === undefined) return undefined;
    latest.stage = 'archived';
    earlier.stage = 'production';
    return { status: 200, body: earlier };
  }
  if (route === 'POST /registry/models/support/aliases') {
    const { alias, reference } = JSON.parse(body) as { alias: string; reference: string | null };
    for (const one of versions) {
      one.aliases = one.aliases.filter((name) => name !== alias);
      if (one.reference === reference) one.aliases.push(alias);
    }
    return { status: 200, body: { data: versions, nextCursor: null } };
  }
  return undefined;
}

function jobEvents(): object[] {
  return [
    { type: 'status', status: 'queued', error: null },
    { type: 'status', status: 'running', error: null },
    {
      type: 'start',
      backend: 'onnx',
      trainable_parameters: 1024,
      total_steps: 80,
      first_step: 0,
      estimated_memory: 1,
    },
    ...Array.from({ length: STEPS }, (_, index) => ({
      type: 'step',
      step: index + 1,
      loss: 6 - (index + 1) / 10,
      learning_rate: 0.001 * (1 - index / 80),
      grad_norm: 1 + (index % 5) / 10,
      tokens: 30,
      tokens_per_second: index === 0 ? null : 900 + index,
      memory_bytes: 250_000_000,
      eta_seconds: 44,
    })),
    { type: 'eval', step: STEPS, loss: 2.2, perplexity: 9.03, is_best: true },
    { type: 'sample', step: STEPS, prompt: 'Where is my parcel?', text: 'Tell me its number.' },
    { type: 'checkpoint', step: STEPS },
  ];
}

function version(number: number, loss: number, rate: number) {
  return {
    reference: `support@${number}`,
    name: 'support',
    version: number,
    kind: 'adapter',
    modelId: `ft:tiny:support:${number}`,
    base: 'tiny@1',
    stage: 'candidate',
    aliases: [] as string[],
    digest: String(number).repeat(64),
    files: [{ path: 'adapter_model.safetensors', sha256: 'a'.repeat(64), bytes: 5800 }],
    lineage: {
      data: { 'chats.jsonl': 'b'.repeat(64) },
      config: { learning_rate: rate },
      codeVersion: '1.0.0',
      parent: null,
    },
    metrics: { train_loss: loss },
    createdAt: AT,
  };
}

const DIFFERENCE = {
  from: 'support@1',
  to: 'support@2',
  config: { learning_rate: { from: 0.001, to: 0.002 } },
  data: {},
  metrics: { train_loss: { from: 2.4, to: 2.05 } },
  files: { added: [], removed: [], changed: ['adapter_model.safetensors'] },
  base: { from: 'tiny@1', to: 'tiny@1' },
};
