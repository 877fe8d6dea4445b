import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type AnySchema } from 'ajv';
import { describe, expect, it } from 'vitest';
import { trainingJobSchema } from '../train/job-schema.js';
import { kubernetesManifests } from './kubernetes-manifests.js';
import { readRunner } from './runner-package.js';

const schemas = JSON.parse(
  readFileSync(join(import.meta.dirname, '../__fixtures__/kubernetes/schema.json'), 'utf8'),
) as Record<'Job' | 'ConfigMap', AnySchema>;
const ajv = new Ajv({ allowUnionTypes: true });

const job = trainingJobSchema.parse({
  task: 'sft',
  model: '/data/model',
  output_dir: '/data/out',
  train_data: '/data/rows.jsonl',
  max_steps: 2,
});
const manifests = async (more: object = {}) =>
  kubernetesManifests({
    job,
    runner: await readRunner(),
    image: 'registry.example/trl:1',
    name: 'support-bot',
    volumes: [{ claim: 'training', path: '/data' }],
    ...more,
  });

describe('a job on Kubernetes', () => {
  it.each([
    ['the least', {}],
    ['all options', { namespace: 'ml', gpus: 2, cpu: '4', memory: '16Gi' }],
  ])('fits the schemas that Kubernetes publishes: %s', async (_name, more) => {
    const [config, run] = await manifests(more);
    expect(ajv.validate(schemas.ConfigMap, config), ajv.errorsText()).toBe(true);
    expect(ajv.validate(schemas.Job, run), ajv.errorsText()).toBe(true);
    expect(ajv.validate(schemas.Job, { ...run, specs: {} })).toBe(false);
  });

  it('carries the job and the whole runner, and goes on after a pod has died', async () => {
    const [config, run] = await manifests({ gpus: 1 });
    const { data } = config as { data: Record<string, string> };
    expect(JSON.parse(data['job.json'] ?? '')).toEqual({
      task: 'sft',
      model: '/data/model',
      output_dir: '/data/out',
      train_data: '/data/rows.jsonl',
      max_steps: 2,
    });
    expect(Object.keys(data)).toContain('__main__.py');
    expect(run).toMatchObject({
      kind: 'Job',
      metadata: { name: 'support-bot' },
      spec: {
        backoffLimit: 3,
        template: {
          spec: {
            restartPolicy: 'Never',
            containers: [
              {
                command: ['python', '-m', 'espalier_runner', 'job.json', '--resume'],
                resources: { limits: { 'nvidia.com/gpu': '1' } },
                volumeMounts: [{ readOnly: true }, { name: 'data-0', mountPath: '/data' }],
              },
            ],
            volumes: [
              { configMap: { name: 'support-bot' } },
              { name: 'data-0', persistentVolumeClaim: { claimName: 'training' } },
            ],
          },
        },
      },
    });
  });
});
