// Preloaded into each process these scripts start (`node --import leash.mjs?…`). The parent holds
// the other end of an IPC channel; when it dies, however it dies, the channel closes and this
// process ends too. `?end=group` kills the whole process group, `?end=self` asks for a clean stop.
// The parent also sends the names of signals. They come as events, not as real signals: a process
// that is on its way out of its own accord has given up its handlers, and a signal would kill it.
const end = new URL(import.meta.url).searchParams.get('end');

process.once('disconnect', () => {
  if (end === 'group') process.kill(-process.pid, 'SIGKILL');
  else process.kill(process.pid, 'SIGTERM');
});
process.on('message', (name) => {
  if (!process.emit(name, name)) process.kill(process.pid, name);
});
// The channel must not keep a process alive that has nothing else to do.
process.channel?.unref();
