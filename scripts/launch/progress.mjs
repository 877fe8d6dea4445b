/**
 * Returns a reporter of what runs and for how long: one changing line on a terminal, one line now
 * and then elsewhere.
 *
 * @param {string} title
 * @param {NodeJS.WriteStream} [stream]
 */
export function startProgress(title, stream = process.stderr) {
  const startedAt = Date.now();
  const seconds = () => `${Math.round((Date.now() - startedAt) / 1000)} s`;
  let detail = '';
  const show = () => {
    const line = `  … ${title} (${seconds()}) ${detail}`;
    if (stream.isTTY) stream.write(`\r\u001b[K${line.slice(0, (stream.columns ?? 80) - 1)}`);
    else stream.write(`${line.trimEnd()}\n`);
  };
  show();
  const timer = setInterval(show, stream.isTTY ? 500 : 10_000);
  const close = (mark) => {
    clearInterval(timer);
    stream.write(`${stream.isTTY ? '\r\u001b[K' : ''}  ${mark} ${title} (${seconds()})\n`);
  };
  return {
    /** @param {string} line */
    update(line) {
      detail = line;
    },
    done: () => close('✓'),
    failed: () => close('✗'),
  };
}
