import {
  readRecording,
  withOrigin,
  withoutOrigin,
  type ExchangeAnswer,
  type ExchangeRequest,
} from './exchange.js';
import { startExchangeServer } from './start-exchange-server.js';

/** A service that is asked by one test after the other. */
export interface Exchanges {
  readonly origin: string;
  readonly port: number;
  readonly grpcPort: number;
  begin(test: string): void;
  /** Throws unless the test asked everything that it asked when it was recorded, and nothing else. */
  end(): void;
  close(): Promise<void>;
}

/**
 * Starts a server that answers each request as the service did when the exchanges were recorded.
 *
 * A request must be the recorded one byte for byte. Equal requests are answered in the order of the recording.
 */
export async function replayExchanges(file: URL): Promise<Exchanges> {
  const recording = readRecording(file);
  const waiting = new Map<string, ExchangeAnswer[]>();
  let problems: string[] = [];
  let current = '';
  const refuse = (problem: string): never => {
    problems.push(problem);
    throw new Error(problem);
  };
  const server = await startExchangeServer(async (request) => {
    const plain = { ...request, body: withoutOrigin(request.body, server.origin) };
    const answer = waiting.get(keyOf(plain))?.shift();
    if (answer === undefined)
      return refuse(`"${current}" was not recorded with ${request.line} ${plain.body.slice(0, 400)}`);
    return { ...answer, body: withOrigin(answer.body, server.origin) };
  });
  return {
    ...server,
    begin(test) {
      current = test;
      problems = [];
      waiting.clear();
      for (const { request, answer } of recording.get(test) ?? []) {
        const key = keyOf(request);
        waiting.set(key, [...(waiting.get(key) ?? []), answer]);
      }
    },
    end() {
      for (const [key, answers] of waiting)
        if (answers.length > 0) problems.push(`${answers.length} times not asked: ${key.slice(0, 400)}`);
      if (problems.length > 0) throw new Error(problems.join('\n'));
    },
  };
}

function keyOf({ channel, line, body }: ExchangeRequest): string {
  return `${channel} ${line} ${body}`;
}
