import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Transform } from 'node:stream';
import { pipeline } from 'node:stream';
import { passedHeaders, type Upstream } from './upstream.js';

/** What is changed of a request, and of the answer to it. */
export interface Exchange {
  /** In place of the client's body. Default: the client's, as it comes. */
  readonly body?: Uint8Array;
  /** Looks at a whole answer and may replace it. Default: the answer passes as it comes. */
  readonly onAnswer?: (answer: Answer) => Promise<Answer> | Answer;
  /**
   * Changes an answer that goes on and on, as it comes, or looks at it. Default: it is not changed.
   *
   * @param status  of the answer
   */
  readonly through?: (status: number) => Transform;
}

/** A whole answer. */
export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

/** An answer that is looked at is held in memory: a list of 10,000 containers has some 20 MB. */
const ANSWER_BYTES_MAX = 256 * 1024 * 1024;
/** Said by us where the engine says nothing. */
const BAD_GATEWAY = 502;

/**
 * Pass a request on, and the answer back. Bodies stream with back-pressure; when one side goes away, so does the other.
 */
export function passRequest(
  upstream: Upstream,
  incoming: IncomingMessage,
  response: ServerResponse,
  { body, onAnswer, through }: Exchange = {},
): void {
  const { method = 'GET', url = '/' } = incoming;
  const headers =
    body === undefined
      ? passedHeaders(incoming)
      : [
          ...passedHeaders(incoming, ['content-length', 'content-type', 'transfer-encoding', 'expect']),
          ...['Content-Type', 'application/json', 'Content-Length', String(body.length)],
        ];
  const outgoing = upstream.request(method, url, headers);
  const fail = (error: Error) => {
    outgoing.destroy();
    answerFailure(response, error);
  };
  response.on('close', () => {
    if (!response.writableFinished) outgoing.destroy();
  });
  outgoing.on('error', fail);
  outgoing.on('response', (answer) => {
    // An engine may answer before it has read all: then what cannot be sent any more is no failure.
    outgoing.off('error', fail).on('error', () => {});
    answer.on('error', fail);
    if (onAnswer !== undefined && !isEndless(answer, method)) {
      collect(answer, ANSWER_BYTES_MAX)
        .then((whole) => onAnswer({ status: answer.statusCode ?? 0, body: whole }))
        .then(({ status, body: changed }) => {
          const rest = passedHeaders(answer, ['content-length', 'transfer-encoding']);
          response.writeHead(status, [...rest, 'Content-Length', String(changed.length)]);
          response.end(changed);
        })
        .catch(fail);
      return;
    }
    sendHead(response, answer, method);
    if (through === undefined) pipeline(answer, response, () => {});
    else pipeline(answer, through(answer.statusCode ?? 0), response, () => {});
  });
  if (body !== undefined) outgoing.end(body);
  else if (hasBody(incoming)) incoming.pipe(outgoing);
  else outgoing.end();
}

/** The engine sends the head at once and the rest when there is something: clients wait for the head alone. */
function sendHead(response: ServerResponse, answer: IncomingMessage, method: string): void {
  const knowsChunks = response.req.httpVersion !== '1.0';
  if (!knowsChunks || isEndless(answer, method)) {
    // Ends with the connection, as it does at the engine; not in chunks, which the client does not expect.
    response.removeHeader('transfer-encoding');
    response.shouldKeepAlive = false;
    response.useChunkedEncodingByDefault = false;
  }
  const headers = passedHeaders(answer, knowsChunks ? [] : ['transfer-encoding']);
  response.writeHead(answer.statusCode ?? BAD_GATEWAY, answer.statusMessage, headers);
  response.flushHeaders();
}

/** Whether only the end of the connection ends it: the raw streams of attach and exec. */
function isEndless({ headers, statusCode }: IncomingMessage, method: string): boolean {
  const isEmpty = statusCode === 204 || statusCode === 304 || method === 'HEAD';
  return !isEmpty && headers['content-length'] === undefined && headers['transfer-encoding'] === undefined;
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** Where the answer has begun, only its end can tell. */
export function answerFailure(response: ServerResponse, error: Error): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const message = `keepset: the engine does not answer (${(error as NodeJS.ErrnoException).code ?? error.message})`;
  const text = `${JSON.stringify({ message })}\n`;
  response.writeHead(BAD_GATEWAY, { 'Content-Type': 'application/json' });
  response.end(text);
}

/** @throws Error  it is larger than it may be */
export async function collect(stream: AsyncIterable<Uint8Array>, bytesMax: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of stream) {
    bytes += piece.length;
    if (bytes > bytesMax) throw new Error(`more than ${bytesMax} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
