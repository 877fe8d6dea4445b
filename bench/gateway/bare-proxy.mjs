// The least that a proxy can do: undici.request in, pipe out. No key, no rail, no log, no look at the answer.
import { createServer } from 'node:http';
import { Pool } from 'undici';

const pool = new Pool(process.env.BENCH_UPSTREAM, { connections: 256 });
const server = createServer((req, res) => {
  const chunks = [];
  req.on('data', (chunk) => chunks.push(chunk));
  req.on('end', () => {
    pool
      .request({
        path: req.url,
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'Bearer upstream' },
        body: Buffer.concat(chunks),
      })
      .then(({ statusCode, headers, body }) => {
        res.writeHead(statusCode, { 'content-type': headers['content-type'] });
        res.on('close', () => body.destroy());
        body.on('error', () => res.destroy());
        body.pipe(res);
      })
      .catch(() => res.destroy());
  });
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: server.address().port }));
