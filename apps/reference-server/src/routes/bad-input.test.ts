import { connect } from 'node:net';
import { createMockModel } from '@espalier/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MOCK_AGENT, startTestServer, type TestServer } from '../__fixtures__/start-test-server.js';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({
    model: createMockModel({ turns: () => 'Yes.' }),
    config: { agents: [MOCK_AGENT] },
  });
  await server.request('/api/v1/knowledge-bases', { json: { name: 'kb' } });
});
afterAll(() => server.remove());

const RUNS = '/api/v1/agents/mock/runs';
const DOCUMENTS = '/api/v1/knowledge-bases/kb/documents';

async function send(path: string, body: BodyInit, headers: Record<string, string> = {}) {
  const response = await server.request(path, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });
  return {
    status: response.status,
    body: (await response.json()) as Record<string, unknown>,
    response,
  };
}

async function sendJson(path: string, json: unknown) {
  return send(path, JSON.stringify(json));
}

const problem = (status: number, code: string) => ({
  status,
  body: expect.objectContaining({ status, code }) as unknown,
});

/** Writes bytes to a socket and resolves to all that comes back until it is closed. */
function exchange(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let answer = '';
    socket.on('data', (data) => (answer += data.toString('latin1')));
    socket.on('close', () => {
      resolve(answer);
    });
    socket.on('error', reject);
  });
}

describe('a request body', () => {
  it('that is not JSON is refused with 400', async () => {
    expect(await send(RUNS, '{"input": "a"')).toMatchObject(
      problem(400, 'ERR_SERVER_BODY_NOT_JSON'),
    );
    expect(await send(RUNS, '')).toMatchObject(problem(400, 'ERR_SERVER_BODY_NOT_JSON'));
  });

  it('that nests 100,000 deep is refused with 400', async () => {
    const deep = `{"input":"a","metadata":{"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`;
    expect(await send(RUNS, deep)).toMatchObject(problem(400, 'ERR_SERVER_BODY_TOO_DEEP'));
  });

  it('may nest 128 deep and hold brackets inside strings without end', async () => {
    const nested = (levels: number) =>
      `{"input":"${'['.repeat(500)}","metadata":{"x":${'['.repeat(levels)}${']'.repeat(levels)}}}`;
    expect((await send(RUNS, nested(126))).status).toBe(201);
    expect(await send(RUNS, nested(127))).toMatchObject(problem(400, 'ERR_SERVER_BODY_TOO_DEEP'));
  });

  it('with doubled members counts the last one', async () => {
    const { body } = await send(RUNS, '{"input":"a","metadata":{"x":1},"metadata":{"x":2}}');
    expect(body['metadata']).toEqual({ x: 2 });
  });

  it.each(['__proto__', '\\u005f_proto__'])(
    'with a member %s is refused with 400 and changes nothing',
    async (name) => {
      expect(
        await send(RUNS, `{"input":"a","metadata":{"${name}":{"polluted":true}}}`),
      ).toMatchObject(problem(400, 'ERR_SERVER_BODY_UNSAFE_MEMBER'));
      expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    },
  );

  it('that is not UTF-8 is refused with 400', async () => {
    const bytes = Buffer.concat([
      Buffer.from('{"input":"'),
      Buffer.from([0xc3, 0x28]),
      Buffer.from('"}'),
    ]);
    expect(await send(RUNS, bytes)).toMatchObject(problem(400, 'ERR_SERVER_BODY_NOT_UTF8'));
  });

  it('with half a surrogate pair is stored and answered with U+FFFD in its place', async () => {
    const { status, body } = await send(
      RUNS,
      '{"input":"a \\ud800 b","metadata":{"\\udc00":"\\ud83d\\ude00 \\ud83d"}}',
    );
    expect(status).toBe(201);
    expect(body['metadata']).toEqual({ '\ufffd': '😀 \ufffd' });
    expect(JSON.stringify(body).isWellFormed()).toBe(true);
  });

  it('of 60 MB is refused with 413, whether or not it says so first', async () => {
    const big = new Uint8Array(60 * 1024 * 1024).fill(0x20);
    expect(await send(RUNS, big)).toMatchObject(problem(413, 'ERR_SERVER_BODY_TOO_LARGE'));
    const stream = new ReadableStream({
      pull(controller) {
        controller.enqueue(big.subarray(0, 1024 * 1024));
        if ((sent += 1) === 60) controller.close();
      },
    });
    let sent = 0;
    const response = await server.request(RUNS, {
      method: 'POST',
      body: stream,
      headers: { 'content-type': 'application/json' },
      duplex: 'half',
    } as RequestInit);
    expect(response.status).toBe(413);
  });

  it('of another media type is refused with 415', async () => {
    expect(
      await send(RUNS, 'input=a', { 'content-type': 'application/x-www-form-urlencoded' }),
    ).toMatchObject(problem(415, 'ERR_SERVER_BODY_MEDIA_TYPE'));
  });

  it.each([
    [{ input: 5 }, '/input'],
    [{ messages: 'hello' }, '/messages'],
    [{ messages: [{ role: 'wizard', content: 'x' }] }, '/messages/0/role'],
    [{ input: 'a', settings: { temperature: 'hot' } }, '/settings/temperature'],
    [{ input: 'a', surprise: true }, ''],
    [[], ''],
    [null, ''],
  ])('of wrong types %j is refused with 422 and a pointer', async (json, pointer) => {
    const answer = await sendJson(RUNS, json);
    expect(answer).toMatchObject(problem(422, 'ERR_SERVER_REQUEST_INVALID'));
    expect(answer.body['errors']).toEqual(
      expect.arrayContaining([expect.objectContaining({ pointer })]),
    );
    expect(answer.response.headers.get('content-type')).toBe('application/problem+json');
  });
});

describe('a slow client', () => {
  let impatient: TestServer;
  beforeAll(async () => {
    impatient = await startTestServer({
      model: createMockModel({ turns: () => 'Yes.' }),
      config: {
        agents: [MOCK_AGENT],
        limits: { bodyIdleTimeout: '200ms', headersTimeout: '200ms' },
      },
    });
  });
  afterAll(() => impatient.remove());
  const head = () =>
    `POST ${RUNS} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${impatient.localKey}\r\nContent-Type: application/json\r\n`;

  it('that stops in the middle of its body gets 408', async () => {
    const answer = await exchange(impatient.url, `${head()}Content-Length: 1000\r\n\r\n{"input":`);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /u);
    expect(answer).toContain('ERR_SERVER_BODY_TIMEOUT');
  });

  it('that never ends its headers is cut off', async () => {
    expect(await exchange(impatient.url, `${head()}X-Slow: `)).toMatch(/^HTTP\/1\.1 408 /u);
  });
});

describe('a name that nobody has', () => {
  it('of an agent, model, knowledge base, run, job, key or route is a 404 of its own', async () => {
    expect(await sendJson('/api/v1/agents/nobody/runs', { input: 'a' })).toMatchObject(
      problem(404, 'ERR_SERVER_AGENT_UNKNOWN'),
    );
    expect(await sendJson(RUNS, { input: 'a', model: 'nothing' })).toMatchObject(
      problem(404, 'ERR_SERVER_MODEL_UNKNOWN'),
    );
    expect(await sendJson(RUNS, { input: 'a', knowledgeBase: 'nowhere' })).toMatchObject(
      problem(404, 'ERR_RAG_KNOWLEDGE_BASE_UNKNOWN'),
    );
    expect(await sendJson('/api/v1/knowledge-bases/nowhere/search', { query: 'a' })).toMatchObject(
      problem(404, 'ERR_RAG_KNOWLEDGE_BASE_UNKNOWN'),
    );
    expect(
      await sendJson('/api/v1/knowledge-bases/nowhere/documents', {
        documents: [{ source: 'a.md', text: 'a' }],
      }),
    ).toMatchObject(problem(404, 'ERR_RAG_KNOWLEDGE_BASE_UNKNOWN'));
    for (const [path, code] of [
      ['/api/v1/runs/run_x', 'ERR_SERVER_RUN_UNKNOWN'],
      ['/api/v1/jobs/job_x', 'ERR_SERVER_JOB_UNKNOWN'],
      ['/api/v1/nothing', 'ERR_SERVER_ROUTE_UNKNOWN'],
      ['/api/v1/knowledge-bases/kb/documents/no.md', 'ERR_RAG_DOCUMENT_UNKNOWN'],
    ] as const) {
      const response = await server.request(path);
      expect({ path, status: response.status, body: await response.json() }).toMatchObject({
        path,
        ...problem(404, code),
      });
    }
    const revoke = await server.request('/api/v1/keys/key_x', { method: 'DELETE' });
    expect(await revoke.json()).toMatchObject({ status: 404, code: 'ERR_SERVER_KEY_ID_UNKNOWN' });
  });

  it('of a method says which ones there are', async () => {
    const response = await server.request('/api/v1/agents', { method: 'DELETE' });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET');
  });

  it('of a cursor is a 400', async () => {
    const response = await server.request('/api/v1/runs?cursor=%21%21');
    expect(await response.json()).toMatchObject({ status: 400, code: 'ERR_SERVER_CURSOR_INVALID' });
  });
});

describe('a document', () => {
  const add = (source: string, text = 'Some text.') =>
    sendJson(DOCUMENTS, { documents: [{ source, text }] });

  it.each([
    '../secret.md',
    'a/../../b.md',
    '/etc/passwd',
    'C:\\windows\\win.ini',
    'a\\..\\b.md',
    'a\u0000.md',
    '%2e%2e/x.md',
    'file:///etc/passwd',
    '~/x.md',
  ])('named %j is refused with 400', async (source) => {
    expect(await add(source)).toMatchObject(problem(400, 'ERR_SERVER_DOCUMENT_NAME_INVALID'));
  });

  it('named with a path that climbs out is refused as an uploaded file too', async () => {
    const form = new FormData();
    form.append('files', new Blob(['text']), '../../evil.md');
    const response = await server.request(DOCUMENTS, { method: 'POST', body: form });
    expect(response.status).toBe(400);
  });

  it('that is empty is refused with 422', async () => {
    expect(await add('empty.md', '')).toMatchObject(problem(422, 'ERR_RAG_DOCUMENT_EMPTY'));
    expect(await add('blank.md', ' \n\t ')).toMatchObject(problem(422, 'ERR_RAG_DOCUMENT_EMPTY'));
  });

  it('that is binary is refused with 415', async () => {
    const base64 = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 1, 0xff, 0xfe]).toString('base64');
    const png = await sendJson(DOCUMENTS, { documents: [{ source: 'a.png', base64 }] });
    expect(png.status).toBe(415);
    const disguised = await sendJson(DOCUMENTS, { documents: [{ source: 'a.md', base64 }] });
    expect(disguised.status).toBe(415);
  });

  it('that is refused does not keep the others out', async () => {
    const { status, body } = await sendJson(DOCUMENTS, {
      documents: [
        { source: 'good.md', text: '# Good\n\nThis one is good.' },
        { source: 'bad.md', text: '' },
      ],
    });
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { added: 1, failed: [{ source: 'bad.md' }] },
    });
  });
});

describe('the server after all of this', () => {
  it('still answers', async () => {
    expect((await server.request('/readyz')).status).toBe(200);
    expect((await sendJson(RUNS, { input: 'Still there?' })).body).toMatchObject({
      status: 'succeeded',
      output: 'Yes.',
    });
  });
});
