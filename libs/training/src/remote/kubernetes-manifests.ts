import type { TrainingJob } from '../train/job-schema.js';
import { JOB_FILE, RUNNER_MODULE, runnerJob } from './runner-package.js';

/** A folder of the cluster that the job sees. */
export interface ClusterVolume {
  /** The name of a PersistentVolumeClaim. */
  readonly claim: string;
  /** Where it is mounted: the paths in the job lie below. */
  readonly path: string;
}

/** How a job runs on Kubernetes. */
export interface KubernetesOptions {
  readonly job: TrainingJob;
  /** The runner's files, by name. */
  readonly runner: ReadonlyMap<string, string>;
  /** An image with Python, torch, transformers, trl, peft and datasets. */
  readonly image: string;
  /** A name by Kubernetes' rules: small letters, digits and `-`. */
  readonly name: string;
  readonly namespace?: string;
  readonly volumes: readonly ClusterVolume[];
  /** GPUs of NVIDIA. Default 0. */
  readonly gpus?: number;
  /** As Kubernetes writes them, e.g. `4` and `16Gi`. */
  readonly cpu?: string;
  readonly memory?: string;
}

/** How often a pod that died is begun again; it goes on from the last checkpoint. */
const RETRIES = 3;
const FOLDER = '/opt/espalier';
const SOURCE_VOLUME = 'espalier-runner';

/**
 * A ConfigMap with the job and the runner, and the Job that runs it.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/job-v1/
 */
export function kubernetesManifests(options: KubernetesOptions): readonly object[] {
  const { name, namespace, volumes, gpus = 0 } = options;
  const metadata = {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    labels: { 'app.kubernetes.io/name': 'espalier-train', 'app.kubernetes.io/instance': name },
  };
  const limits = {
    ...(options.cpu === undefined ? {} : { cpu: options.cpu }),
    ...(options.memory === undefined ? {} : { memory: options.memory }),
    ...(gpus === 0 ? {} : { 'nvidia.com/gpu': String(gpus) }),
  };
  const items = [
    { key: JOB_FILE, path: JOB_FILE },
    ...[...options.runner.keys()].map((file) => ({ key: file, path: `${RUNNER_MODULE}/${file}` })),
  ];
  return [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata,
      data: {
        [JOB_FILE]: `${JSON.stringify(runnerJob(options.job), null, 2)}\n`,
        ...Object.fromEntries(options.runner),
      },
    },
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata,
      spec: {
        backoffLimit: RETRIES,
        template: {
          metadata: { labels: metadata.labels },
          spec: {
            restartPolicy: 'Never',
            containers: [
              {
                name: 'train',
                image: options.image,
                workingDir: FOLDER,
                command: ['python', '-m', RUNNER_MODULE, JOB_FILE, '--resume'],
                env: [{ name: 'PYTHONUNBUFFERED', value: '1' }],
                ...(Object.keys(limits).length === 0 ? {} : { resources: { limits } }),
                volumeMounts: [
                  { name: SOURCE_VOLUME, mountPath: FOLDER, readOnly: true },
                  ...volumes.map(({ path }, n) => ({ name: `data-${n}`, mountPath: path })),
                ],
              },
            ],
            volumes: [
              { name: SOURCE_VOLUME, configMap: { name, items } },
              ...volumes.map(({ claim }, n) => ({
                name: `data-${n}`,
                persistentVolumeClaim: { claimName: claim },
              })),
            ],
          },
        },
      },
    },
  ];
}
