// `npm start`: installs, builds and runs the reference server from a bare clone.
// Written in old syntax on purpose: an old Node must get as far as the sentence below.
const [major] = process.versions.node.split('.').map(Number);

if (major < 20) {
  console.error(
    'Espalier needs Node 20 or newer to start; this is Node ' +
      process.versions.node +
      '. Install a newer one from https://nodejs.org and run `npm start` again.',
  );
  process.exitCode = 1;
} else {
  import('./launch/launch-server.mjs').then(({ launchServer }) =>
    launchServer(process.argv.slice(2)).then((exitCode) => {
      process.exitCode = exitCode;
    }),
  );
}
