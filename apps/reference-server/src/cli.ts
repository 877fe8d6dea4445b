#!/usr/bin/env node
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `Espalier needs Node.js 22.19 or newer, but this is ${process.version}. In a clone, "npm start" brings the right one.\n`,
  );
  process.exitCode = 6;
} else {
  // Keeps compiled code from one start to the next; a third of the time of a start goes into compiling.
  (await import('node:module')).enableCompileCache();
  // Loaded only now: older runtimes do not understand what it is written in.
  const { runCli } = await import('./cli/run-cli.js');
  process.exitCode = await runCli(process.argv.slice(2));
}
