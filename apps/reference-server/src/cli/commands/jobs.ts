import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { jsonObjectSchema, type JsonObject } from '@espalier/core';
import type { TrainingJobObject } from '@espalier/protocol';
import { EXIT } from '../../errors/exit-codes.js';
import type { CliContext, ConnectionOptions } from '../cli-context.js';
import { CliError } from '../cli-error.js';
import { connect } from '../connect.js';
import { renderTable } from '../output/table.js';

/** Options of `espalier jobs create`. */
export interface CreateJobOptions extends ConnectionOptions {
  readonly model: string;
  readonly trainData: string;
  readonly evalData?: string;
  readonly task: 'sft' | 'dpo' | 'orpo' | 'kto';
  readonly register?: string;
  readonly settings?: string;
}

/** Uploads the data and queues a training job. */
export async function createJob(options: CreateJobOptions, context: CliContext): Promise<number> {
  const { client } = await connect(options, context);
  const { abortSignal } = context;
  const upload = async (path: string): Promise<string> => {
    const text = await readText(path, context);
    return (await client.training.uploadFile({ name: basename(path), text, abortSignal })).id;
  };
  const settings =
    options.settings === undefined
      ? {}
      : readSettings(await readText(options.settings, context), options.settings);
  const trainingFile = await upload(options.trainData);
  const job = await client.training.create({
    model: options.model,
    task: options.task,
    trainingFile,
    settings,
    abortSignal,
    ...(options.evalData !== undefined && { validationFile: await upload(options.evalData) }),
    ...(options.register !== undefined && { register: options.register }),
  });
  return told(job, options, context);
}

/** Lists training jobs, newest first. */
export async function listJobs(options: ConnectionOptions, context: CliContext): Promise<number> {
  const { client } = await connect(options, context);
  const jobs = await client.training.list({ abortSignal: context.abortSignal }).toArray();
  if (options.json === true) context.out(`${JSON.stringify({ data: jobs })}\n`);
  else
    context.out(
      renderTable([
        ['id', 'status', 'model', 'step', 'loss', 'left', 'result'],
        ...jobs.map(({ id, status, model, progress, result, error }) => [
          id,
          status,
          model,
          progress === null ? '' : `${progress.step}/${progress.totalSteps}`,
          progress?.loss?.toFixed(4) ?? '',
          status === 'running' && typeof progress?.etaSeconds === 'number'
            ? `${Math.ceil(progress.etaSeconds)} s`
            : '',
          result?.reference ?? error?.code ?? '',
        ]),
      ]),
    );
  return EXIT.ok;
}

/** Shows what a job tells until it is over; exit code 1 where it has not succeeded. */
export async function followJob(
  id: string,
  options: ConnectionOptions,
  context: CliContext,
): Promise<number> {
  const { client } = await connect(options, context);
  const { abortSignal } = context;
  for await (const { event } of client.training.follow({ id, abortSignal })) {
    if (options.json === true) context.out(`${JSON.stringify(event)}\n`);
    else {
      const { type, ...rest } = event;
      const said = Object.entries(rest)
        .filter(([, value]) => value !== null)
        .map(
          ([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
        );
      context.out(`${type}  ${said.join('  ')}\n`);
    }
  }
  const { status } = await client.training.get({ id, abortSignal });
  return status === 'succeeded' ? EXIT.ok : EXIT.failure;
}

/** Pauses, resumes or cancels a job. */
export async function changeJob(
  asked: { readonly id: string; readonly act: 'pause' | 'resume' | 'cancel' },
  options: ConnectionOptions,
  context: CliContext,
): Promise<number> {
  const { client } = await connect(options, context);
  const { abortSignal } = context;
  return told(await client.training[asked.act]({ id: asked.id, abortSignal }), options, context);
}

/** Removes the folders of jobs that finished long ago. */
export async function cleanJobs(
  options: ConnectionOptions & { readonly dryRun?: boolean },
  context: CliContext,
): Promise<number> {
  const { client } = await connect(options, context);
  const { abortSignal } = context;
  const report = await client.training.clean({ dryRun: options.dryRun === true, abortSignal });
  const { jobs, bytes, isDryRun } = report;
  context.out(
    options.json === true
      ? `${JSON.stringify(report)}\n`
      : `${isDryRun ? 'Would remove' : 'Removed'} ${jobs.length} folders of finished jobs${jobs.length === 0 ? '' : ` (${jobs.join(', ')})`}, ${(bytes / 2 ** 20).toFixed(1)} MiB.\n`,
  );
  return EXIT.ok;
}

function told(job: TrainingJobObject, options: ConnectionOptions, context: CliContext): number {
  context.out(options.json === true ? `${JSON.stringify(job)}\n` : `${job.id} is ${job.status}\n`);
  return EXIT.ok;
}

async function readText(path: string, context: CliContext): Promise<string> {
  try {
    return await readFile(resolve(context.directory, path), 'utf8');
  } catch (error) {
    throw usage(`The file ${path} cannot be read: ${(error as Error).message}`);
  }
}

function readSettings(text: string, path: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw usage(`The file ${path} is not JSON: ${(error as Error).message}`);
  }
  const settings = jsonObjectSchema.safeParse(value);
  if (settings.success) return settings.data;
  throw usage(`The file ${path} holds no object with fields of a job.`);
}

function usage(message: string): CliError {
  return new CliError({ code: 'ERR_CLI_MODEL_INPUT', message, exitCode: EXIT.usage });
}
