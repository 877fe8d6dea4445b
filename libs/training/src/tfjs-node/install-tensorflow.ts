import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TensorFlowSetupError } from '../errors.js';
import { runProgram } from './internal/run-program.js';
import {
  NODE_API_HEADERS_VERSION,
  TENSORFLOW_VERSION,
  tensorFlowFolder,
  TFJS_NODE_VERSION,
} from './tensorflow-folder.js';

/** Options of {@link installTensorFlow}. */
export interface InstallTensorFlowOptions {
  /** What is set up goes here; a folder that holds an earlier set-up is made new. */
  readonly folder: string;
  /**
   * A `tensorflow` package folder to use as it is, such as `…/site-packages/tensorflow`. Default: one is installed with
   * `pip` into the folder.
   */
  readonly library?: string;
  /** A wheel file to install instead of one from the package index. */
  readonly wheel?: string;
  /** The release to install from the package index. Default {@link TENSORFLOW_VERSION}. */
  readonly version?: string;
  /** Whether to install the build for NVIDIA GPUs with its CUDA libraries (Linux). Default `false`. */
  readonly isForGpu?: boolean;
  /** Python whose `pip` installs; one for which TensorFlow has a wheel. Default `python3`. */
  readonly python?: string;
  /** C++ compiler. Default `c++`. */
  readonly compiler?: string;
  readonly onStep?: (text: string) => void;
  readonly abortSignal?: AbortSignal;
}

/**
 * Sets TensorFlow up for {@link createTfjsNodeBackend}: a TensorFlow library out of a Python package, the npm package
 * `@tensorflow/tfjs-node` without its own outdated library, and the binding between the two, compiled here.
 *
 * The binding speaks Node-API 8, so that it serves every later Node. Linux.
 *
 * @throws {TensorFlowSetupError} `ERR_TRAINING_TENSORFLOW_SETUP`: a step failed; what it printed is in the message.
 */
export async function installTensorFlow(options: InstallTensorFlowOptions): Promise<void> {
  const { abortSignal, onStep = () => undefined } = options;
  const paths = tensorFlowFolder(options.folder);
  await rm(paths.record, { force: true });

  const run = async (
    step: string,
    program: string,
    args: readonly string[],
    advice: string,
    cwd?: string,
  ): Promise<void> => {
    onStep(step);
    const { exitCode, output } = await runProgram({
      program,
      args,
      abortSignal,
      ...(cwd === undefined ? {} : { cwd }),
    });
    if (exitCode !== 0)
      throw new TensorFlowSetupError({ step, output: output.slice(-1_500), advice });
  };

  let { library } = options;
  if (library === undefined) {
    await rm(paths.python, { recursive: true, force: true });
    const version = options.version ?? TENSORFLOW_VERSION;
    const isForGpu = options.isForGpu === true;
    const source =
      options.wheel ??
      (isForGpu ? `tensorflow[and-cuda]==${version}` : `tensorflow-cpu==${version}`);
    await run(
      `installing ${source}`,
      options.python ?? 'python3',
      [
        ...['-m', 'pip', 'install', '--disable-pip-version-check', '--no-compile'],
        // Only the library is wanted; of the GPU build also the CUDA libraries that it depends on.
        ...(isForGpu ? [] : ['--no-deps']),
        ...['--target', paths.python, source],
      ],
      'Pass --python with a Python that TensorFlow has a wheel for (3.10 to 3.13) and that has pip, or --library with a tensorflow folder that is there already.',
    );
    library = join(paths.python, 'tensorflow');
  }
  const names = await readdir(library).catch((): string[] => []);
  for (const wanted of ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2', 'include']) {
    if (!names.includes(wanted))
      throw new TensorFlowSetupError({
        step: `looking for TensorFlow in ${library}`,
        output: `There is no ${wanted}.`,
        advice: 'Pass the folder of the Python package "tensorflow", 2.13 or newer, for Linux.',
      });
  }

  await rm(paths.npm, { recursive: true, force: true });
  await mkdir(paths.npm, { recursive: true });
  await writeFile(join(paths.npm, 'package.json'), '{"private":true}\n');
  await run(
    `installing @tensorflow/tfjs-node ${TFJS_NODE_VERSION} without its library`,
    'npm',
    [
      ...['install', '--ignore-scripts', '--no-audit', '--no-fund', '--workspaces=false'],
      `@tensorflow/tfjs-node@${TFJS_NODE_VERSION}`,
      `node-api-headers@${NODE_API_HEADERS_VERSION}`,
    ],
    'Check that npm is on the PATH and reaches a registry.',
    paths.npm,
  );

  await mkdir(dirname(paths.binding), { recursive: true });
  await run(
    'compiling the binding',
    options.compiler ?? 'c++',
    [
      ...['-std=c++17', '-O2', '-fPIC', '-shared', '-DNAPI_VERSION=8'],
      // The sources include each other as "tfjs-node/binding/…" and as "…".
      ...[paths.tfjsNode, dirname(paths.tfjsNode), paths.headers, join(library, 'include')].flatMap(
        (folder) => ['-I', folder],
      ),
      ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) =>
        join(paths.tfjsNode, 'binding', name),
      ),
      ...['-L', library, '-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2'],
      `-Wl,-rpath,${library}`,
      ...['-o', paths.binding],
    ],
    'Install a C++ compiler (on Debian: apt install g++), or name one with --compiler.',
  );
  await writeFile(paths.record, `${JSON.stringify({ library, tfjsNode: TFJS_NODE_VERSION })}\n`);
}
