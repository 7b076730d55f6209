import { type ClientRequest, type IncomingMessage, request as startRequest } from 'node:http';
import type { Duplex } from 'node:stream';

/** Where a request goes. */
export interface HttpTarget {
  readonly host: string;
  readonly port: number;
  readonly method: string;
  readonly path: string;
  /** Default: a socket. */
  readonly connect?: () => Duplex;
}

/** What an answer says before its body. */
export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly location: string | undefined;
}

/**
 * Ask a server once; redirections are answers like others.
 *
 * @param onBody  awaited, so that a slow reader slows the server
 * @returns once the body is there
 * @throws Error  when there is no whole answer
 */
export async function askHttp(
  { host, port, method, path, connect }: HttpTarget,
  { signal, onBody }: { signal: AbortSignal; onBody: (bytes: Uint8Array) => void | Promise<void> },
): Promise<HttpAnswer> {
  // By a name that is the same in every run: servers write it into their answers.
  const headers = { host: 'localhost', 'user-agent': 'keepset', accept: '*/*', connection: 'close' };
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const request: ClientRequest = startRequest(
      // An agent would make connections of its own.
      {
        host,
        port,
        method,
        path,
        headers,
        signal,
        ...(connect ? { createConnection: connect } : { agent: false }),
      },
      resolve,
    );
    request.on('error', reject);
    request.end();
  });
  for await (const bytes of answer) await onBody(bytes as Uint8Array);
  if (!answer.complete) throw new Error('the answer was cut off');
  const { 'content-type': contentType, location } = answer.headers;
  return { status: answer.statusCode ?? 0, contentType, location };
}
