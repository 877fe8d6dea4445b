import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** What a client asked: the line of an HTTP request or the method of a gRPC call, and its body. */
export interface ExchangeRequest {
  readonly channel: 'http' | 'grpc';
  readonly line: string;
  /** Text of HTTP, base64 of the message of gRPC. */
  readonly body: string;
}

/** What the service answered: a status of HTTP or of gRPC. */
export interface ExchangeAnswer {
  readonly status: number;
  /** As of the request; the message of the status where a call of gRPC failed. */
  readonly body: string;
}

/** One request with its answer, and its place in the recording. */
export interface Exchange {
  readonly request: ExchangeRequest;
  readonly answer: ExchangeAnswer;
}

/** The exchanges of each test, by its name. */
export type Recording = Map<string, Exchange[]>;

/** Stands for the address of the service, which differs from run to run. */
const ORIGIN = 'http://service.test';

/** What a file holds: each text once, and exchanges by channel, line, body, status and body. */
interface RecordingFile {
  readonly service: string;
  readonly texts: readonly string[];
  readonly tests: Readonly<Record<string, readonly (readonly [string, number, number, number, number])[]>>;
}

/** Reads a recording; empty where there is none. */
export function readRecording(file: URL): Recording {
  if (!existsSync(file)) return new Map();
  const { texts, tests } = JSON.parse(readFileSync(file, 'utf8')) as RecordingFile;
  const text = (at: number): string => texts[at] ?? '';
  return new Map(
    Object.entries(tests).map(([test, exchanges]) => [
      test,
      exchanges.map(([channel, line, body, status, answer]) => ({
        request: {
          channel: channel === 'grpc' ? 'grpc' : 'http',
          line: text(line),
          body: text(body),
        },
        answer: { status, body: text(answer) },
      })),
    ]),
  );
}

/** Writes a recording, with the service that it was made with. */
export function writeRecording(file: URL, service: string, recording: Recording): void {
  const places = new Map<string, number>();
  const placeOf = (text: string): number => {
    const place = places.get(text) ?? places.size;
    places.set(text, place);
    return place;
  };
  const tests = Object.fromEntries(
    [...recording].map(([test, exchanges]) => [
      test,
      exchanges.map(({ request, answer }) => [
        request.channel,
        placeOf(request.line),
        placeOf(request.body),
        answer.status,
        placeOf(answer.body),
      ]),
    ]),
  );
  const texts = [...places.keys()];
  const lines = Object.entries(tests).map(
    ([test, exchanges]) => `${JSON.stringify(test)}:${JSON.stringify(exchanges)}`,
  );
  writeFileSync(
    file,
    `{"service":${JSON.stringify(service)},"texts":[\n${texts.map((text) => JSON.stringify(text)).join(',\n')}\n],"tests":{\n${lines.join(',\n')}\n}}\n`,
  );
}

/** A text without an address of this run. */
export function withoutOrigin(text: string, origin: string): string {
  return text.replaceAll(origin, ORIGIN);
}

/** A recorded text with the address of this run. */
export function withOrigin(text: string, origin: string): string {
  return text.replaceAll(ORIGIN, origin);
}
