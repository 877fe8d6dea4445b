import { resolve } from 'node:path';
import { checkTensorFlow, installTensorFlow } from '@espalier/training/tfjs-node';
import { EXIT } from '../../errors/exit-codes.js';
import type { CliContext } from '../cli-context.js';
import { tensorFlowFolderOf } from '../training-backend.js';

/** Options of `espalier tensorflow doctor`. */
export interface TensorFlowDoctorOptions {
  readonly folder?: string;
  readonly json?: boolean;
}

/** Options of `espalier tensorflow install`. */
export interface TensorFlowInstallOptions extends TensorFlowDoctorOptions {
  readonly library?: string;
  readonly wheel?: string;
  readonly tensorflowVersion?: string;
  readonly gpu?: boolean;
  readonly python?: string;
  readonly compiler?: string;
}

const folderOf = ({ folder }: TensorFlowDoctorOptions, context: CliContext): string =>
  folder === undefined ? tensorFlowFolderOf(context) : resolve(context.directory, folder);

/** Sets TensorFlow up, then looks whether it works. */
export async function tensorflowInstall(
  options: TensorFlowInstallOptions,
  context: CliContext,
): Promise<number> {
  const { library, wheel, tensorflowVersion, gpu, python, compiler } = options;
  const at = (path: string): string => resolve(context.directory, path);
  await installTensorFlow({
    folder: folderOf(options, context),
    ...(library === undefined ? {} : { library: at(library) }),
    ...(wheel === undefined ? {} : { wheel: at(wheel) }),
    ...(tensorflowVersion === undefined ? {} : { version: tensorflowVersion }),
    ...(gpu === undefined ? {} : { isForGpu: gpu }),
    ...(python === undefined ? {} : { python }),
    ...(compiler === undefined ? {} : { compiler }),
    onStep: (step) => {
      if (options.json !== true) context.out(`… ${step}\n`);
    },
    abortSignal: context.abortSignal,
  });
  return tensorflowDoctor(options, context);
}

/** Tells what is there and what to do; fails where something is wrong. */
export async function tensorflowDoctor(
  options: TensorFlowDoctorOptions,
  context: CliContext,
): Promise<number> {
  const folder = folderOf(options, context);
  const checks = await checkTensorFlow({ folder, abortSignal: context.abortSignal });
  const isGood = checks.every((check) => check.isGood);
  if (options.json === true) {
    context.out(`${JSON.stringify({ folder, isGood, checks })}\n`);
  } else {
    for (const { name, isGood: isCheckGood, found, advice } of checks) {
      context.out(`${isCheckGood ? '✓' : '✗'} ${name.padEnd(9)} ${found}\n`);
      if (!isCheckGood && advice !== undefined) context.out(`            ${advice}\n`);
    }
    context.out(isGood ? 'Ready: espalier train … --backend tfjs-node\n' : '');
  }
  return isGood ? EXIT.ok : EXIT.failure;
}
