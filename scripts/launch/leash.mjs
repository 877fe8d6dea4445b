// Preloaded into each process these scripts start (`node --import leash.mjs?…`). The parent holds
// the other end of an IPC channel; when it dies, however it dies, the channel closes and this
// process ends too. `?end=group` kills the whole process group, `?end=self` asks for a clean stop.
const end = new URL(import.meta.url).searchParams.get('end');

process.once('disconnect', () => {
  if (end === 'group') process.kill(-process.pid, 'SIGKILL');
  else process.kill(process.pid, 'SIGTERM');
});
// The channel must not keep a process alive that has nothing else to do.
process.channel?.unref();
