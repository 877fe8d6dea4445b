import { readFile, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RemoteJobError } from '../errors.js';
import { trainingJobSchema, type TrainingJob } from '../train/job-schema.js';

/** The name under which Python imports the runner. */
export const RUNNER_MODULE = 'espalier_runner';
/** The name of the job's file beside it. */
export const JOB_FILE = 'job.json';

const PACKAGE = '@espalier/training/package.json';

/** The files of the Python runner that comes with this package, by name. */
export async function readRunner(folder?: string): Promise<ReadonlyMap<string, string>> {
  let source = folder ?? PACKAGE;
  try {
    const own = folder ?? join(dirname(fileURLToPath(import.meta.resolve(PACKAGE))), 'runner');
    source = join(own, RUNNER_MODULE);
    const names = (await readdir(source)).filter((name) => name.endsWith('.py')).sort();
    return new Map(
      await Promise.all(
        names.map(async (name) => [name, await readFile(join(source, name), 'utf8')] as const),
      ),
    );
  } catch (cause) {
    throw new RemoteJobError({
      place: source,
      problem: 'the Python runner is missing',
      advice: 'Install the package again.',
      cause,
    });
  }
}

/**
 * The file of a job for the runner: the fields that are not at their default, which the runner knows as well.
 *
 * A runner of an older version thus refuses only what it would have to do otherwise.
 */
export function runnerJob(job: TrainingJob): Readonly<Record<string, unknown>> {
  const { task, model, output_dir, train_data, max_steps } = job;
  const required = { task, model, output_dir, train_data, max_steps };
  const defaults: Readonly<Record<string, unknown>> = trainingJobSchema.parse(required);
  const isDefault = (name: string, value: unknown): boolean =>
    !(name in required) && JSON.stringify(defaults[name]) === JSON.stringify(value);
  return Object.fromEntries(
    Object.entries(job).filter(([name, value]) => value !== undefined && !isDefault(name, value)),
  );
}
