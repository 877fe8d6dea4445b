import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TensorBackend, TensorPrecision } from '@espalier/core';
import { BackendMissingError, createJsBackend } from '@espalier/training';
import { createOnnxBackend } from '@espalier/training/onnx';
import type { BackendName } from './backend-names.js';
import type { CliContext } from './cli-context.js';

/** The backend of a name; without one ONNX Runtime where it loads, else plain JavaScript. */
export async function openTensorBackend(
  name: BackendName | undefined,
  context: CliContext,
  precision: TensorPrecision = 'float32',
): Promise<TensorBackend> {
  switch (name) {
    case 'js':
      return createJsBackend();
    case 'tfjs': {
      const { createTfjsBackend } = await import('@espalier/training/tfjs');
      return createTfjsBackend();
    }
    case 'tfjs-node': {
      const { createTfjsNodeBackend } = await import('@espalier/training/tfjs-node');
      return createTfjsNodeBackend({
        folder: tensorFlowFolderOf(context),
        precision,
        environment: process.env,
      });
    }
    case 'onnx':
      return createOnnxBackend();
    case undefined:
      try {
        return await createOnnxBackend();
      } catch (error) {
        if (BackendMissingError.isInstance(error)) return createJsBackend();
        throw error;
      }
  }
}

/** Where TensorFlow is set up for a user: `ESPALIER_TENSORFLOW`, or a folder beside the user's other data. */
export function tensorFlowFolderOf({ environment, directory }: CliContext): string {
  const named = environment['ESPALIER_TENSORFLOW'];
  if (named !== undefined && named !== '') return resolve(directory, named);
  const data = environment['XDG_DATA_HOME'];
  const home = data !== undefined && data !== '' ? resolve(data) : join(homedir(), '.local/share');
  return join(home, 'espalier/tensorflow');
}
