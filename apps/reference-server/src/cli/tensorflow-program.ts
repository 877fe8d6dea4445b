import type { Command } from 'commander';
import type { CliContext } from './cli-context.js';
import type { TensorFlowDoctorOptions, TensorFlowInstallOptions } from './commands/tensorflow.js';

type Run = <Options extends { json?: boolean }>(
  action: (options: Options, ...values: never[]) => Promise<number>,
) => (...received: unknown[]) => Promise<void>;

/** Adds `espalier tensorflow`, which sets up the library below `--backend tfjs-node`; it needs no server. */
export function addTensorFlow(program: Command, run: Run, context: CliContext): void {
  const tensorflow = program
    .command('tensorflow')
    .description('set up TensorFlow for --backend tfjs-node, and see whether it works');
  const folder =
    'where it is set up (default $ESPALIER_TENSORFLOW, else ~/.local/share/espalier/tensorflow)';

  tensorflow
    .command('install')
    .description(
      'put a TensorFlow library, its npm package and the binding between them in a folder',
    )
    .option('--folder <folder>', folder)
    .option('--library <folder>', 'a "tensorflow" package folder to use as it is')
    .option('--wheel <file>', 'a wheel file to install instead of one from the package index')
    .option('--tensorflow-version <version>', 'release to install from the package index')
    .option('--gpu', 'install the build for NVIDIA GPUs with its CUDA libraries (about 4 GB)')
    .option('--python <program>', 'Python whose pip installs (default python3)')
    .option('--compiler <program>', 'C++ compiler (default c++)')
    .option('--json', 'print one JSON document instead of text')
    .addHelpText(
      'after',
      `
It takes about 1.5 GB and a few minutes; Linux. A working library made once serves every later Node.

Examples:
  $ espalier tensorflow install
  $ espalier tensorflow install --python python3.12 --gpu
  $ espalier tensorflow install --library ./venv/lib/python3.12/site-packages/tensorflow
  $ espalier train job.yaml --backend tfjs-node`,
    )
    .action(
      run<TensorFlowInstallOptions>(async (options) =>
        (await import('./commands/tensorflow.js')).tensorflowInstall(options, context),
      ),
    );

  tensorflow
    .command('doctor')
    .description('look at the set-up, load it in a process of its own and multiply matrices')
    .option('--folder <folder>', folder)
    .option('--json', 'print one JSON document instead of text')
    .addHelpText('after', '\nExamples:\n  $ espalier tensorflow doctor')
    .action(
      run<TensorFlowDoctorOptions>(async (options) =>
        (await import('./commands/tensorflow.js')).tensorflowDoctor(options, context),
      ),
    );
}
