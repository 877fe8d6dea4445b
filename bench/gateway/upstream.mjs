// A local upstream that speaks chat completions: one JSON answer, or a stream of many small events.
import { createServer } from 'node:http';

const EVENTS = Number(process.env.BENCH_EVENTS ?? 100);
const WORDS =
  'The quick brown fox jumps over the lazy dog while the gateway forwards every word of it '.split(
    ' ',
  );

const answer = JSON.stringify({
  id: 'chatcmpl-bench',
  object: 'chat.completion',
  created: 1_700_000_000,
  model: 'upstream-model',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: WORDS.join(' ').repeat(8), refusal: null },
      logprobs: null,
      finish_reason: 'stop',
    },
  ],
  usage: { prompt_tokens: 120, completion_tokens: 160, total_tokens: 280 },
});

const chunk = (delta, finishReason = null) =>
  `data: ${JSON.stringify({
    id: 'chatcmpl-bench',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: 'upstream-model',
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
  })}\n\n`;

const events = [
  chunk({ role: 'assistant', content: '' }),
  ...Array.from({ length: EVENTS }, (_, at) => chunk({ content: `${WORDS[at % WORDS.length]} ` })),
  chunk({}, 'stop'),
  'data: [DONE]\n\n',
];

const server = createServer((req, res) => {
  let body = '';
  req.on('data', (piece) => (body += piece));
  req.on('end', () => {
    if (!body.includes('"stream":true')) {
      res.writeHead(200, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(answer),
      });
      res.end(answer);
      return;
    }
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    let at = 0;
    // One event a turn of the loop: each leaves on its own, as tokens of a model do.
    const next = () => {
      if (res.destroyed) return;
      if (at === events.length) res.end();
      else {
        res.write(events[at++]);
        setImmediate(next);
      }
    };
    next();
  });
  req.on('error', () => undefined);
  res.on('error', () => undefined);
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: server.address().port }));
