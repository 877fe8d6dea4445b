import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROBE_PROGRAM } from './internal/probe-program.js';
import { runProgram } from './internal/run-program.js';
import { tensorFlowFolder } from './tensorflow-folder.js';

/** One thing that was looked at. */
export interface TensorFlowCheck {
  readonly name: string;
  readonly isGood: boolean;
  /** What is there. */
  readonly found: string;
  /** What to do, where it is not good. */
  readonly advice?: string;
}

/** What a set-up can do, as its probe tells. */
interface Probe {
  readonly version: string;
  readonly device: string;
  readonly gflops: number;
}

/**
 * Looks at a folder of `installTensorFlow` and at what it needs, one thing after another, and stops at the first that
 * makes the rest pointless. The library is loaded in a process of its own, so that a crash there is an answer too.
 */
export async function checkTensorFlow(options: {
  readonly folder: string;
  readonly abortSignal?: AbortSignal;
}): Promise<readonly TensorFlowCheck[]> {
  const paths = tensorFlowFolder(options.folder);
  const checks: TensorFlowCheck[] = [];
  const add = (check: TensorFlowCheck): boolean => {
    checks.push(check);
    return check.isGood;
  };
  const platform = `${process.platform}-${process.arch}`;
  const isPlatform = add({
    name: 'platform',
    isGood: process.platform === 'linux',
    found: platform,
    advice: 'The set-up is made for Linux. Elsewhere use the backends onnx or tfjs.',
  });
  if (!isPlatform) return checks;
  const napi = Number(process.versions['napi'] ?? 0);
  add({
    name: 'node',
    isGood: napi >= 8,
    found: `Node ${process.versions.node}, Node-API ${napi}`,
    advice: 'The binding needs Node-API 8: use Node 22 or newer.',
  });
  const install = 'Run "espalier tensorflow install".';
  const library = libraryOf(paths.record);
  add({
    name: 'set-up',
    isGood: library !== undefined,
    found: library === undefined ? `nothing finished in ${options.folder}` : options.folder,
    advice: install,
  });
  if (library === undefined) return checks;
  const isLibrary = add({
    name: 'library',
    isGood: existsSync(join(library, 'libtensorflow_cc.so.2')),
    found: library,
    advice: `libtensorflow_cc.so.2 is not there any more. ${install}`,
  });
  const isBinding = add({
    name: 'binding',
    isGood: existsSync(paths.binding),
    found: paths.binding,
    advice: `It is not there. ${install}`,
  });
  if (!isLibrary || !isBinding) return checks;
  const { exitCode, output } = await runProgram({
    program: process.execPath,
    args: ['-e', PROBE_PROGRAM, paths.tfjsNode],
    abortSignal: options.abortSignal,
  });
  const line = output.split('\n').findLast((text) => text.startsWith('{"version"'));
  const probe = line === undefined ? undefined : (JSON.parse(line) as Probe);
  const isLoaded = add({
    name: 'loading',
    isGood: exitCode === 0 && probe !== undefined,
    found: probe === undefined ? lastLines(output) : `TensorFlow ${probe.version}`,
    advice: /undefined symbol/.test(output)
      ? `The library lacks a function of the binding: it is too old or too new. ${install}`
      : /cannot open shared object/.test(output)
        ? `A library that TensorFlow depends on is missing. ${install}`
        : install,
  });
  if (!isLoaded || probe === undefined) return checks;
  add({
    name: 'device',
    isGood: true,
    found: `${probe.device}; product of two 1024 × 1024 matrices: ${probe.gflops.toFixed(1)} GFLOP a CPU second`,
  });
  return checks;
}

/** The library that a set-up is for; none where it was not finished or its record is damaged. */
function libraryOf(record: string): string | undefined {
  try {
    const { library } = JSON.parse(readFileSync(record, 'utf8')) as { library?: unknown };
    return typeof library === 'string' ? library : undefined;
  } catch {
    return undefined;
  }
}

function lastLines(output: string): string {
  return output.split('\n').slice(-3).join(' ').slice(-400);
}
