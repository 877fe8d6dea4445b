// `npm test`: everything a contributor's gate needs, from a bare clone.
const [major] = process.versions.node.split('.').map(Number);

if (major < 20) {
  console.error(
    'Espalier needs Node 20 or newer for its tests; this is Node ' + process.versions.node + '.',
  );
  process.exitCode = 1;
} else {
  import('./gate/run-gates.mjs').then(({ runGates }) =>
    runGates(process.argv.slice(2)).then((exitCode) => {
      process.exitCode = exitCode;
    }),
  );
}
