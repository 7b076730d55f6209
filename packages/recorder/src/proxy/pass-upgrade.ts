import type { IncomingMessage } from 'node:http';
import type { Duplex, Writable } from 'node:stream';
import { passedHeaders, type Upstream } from './upstream.js';

const CRLF = '\r\n';

/** What belongs to a connection beside its two ends. */
interface TakenConnection {
  /** What the client sent behind the head of its request: its body, and what may follow. */
  readonly head: Uint8Array;
  /** Takes what the engine sends as well. */
  readonly copy?: Writable;
}

/**
 * Pass on a request that takes its connection over: attach, the start of an exec, a session of a build. From the engine's
 * `101` on, bytes go both ways as they come, and each side may end before the other.
 */
export function passUpgrade(
  upstream: Upstream,
  incoming: IncomingMessage,
  client: Duplex,
  { head, copy }: TakenConnection,
): void {
  const { method = 'POST', url = '/', headers } = incoming;
  const outgoing = upstream.request(method, url, [
    ...passedHeaders(incoming),
    ...['Connection', headers.connection ?? 'Upgrade'],
  ]);
  const give = () => {
    outgoing.destroy();
    client.destroy();
  };
  client.on('error', give);
  outgoing.on('error', (error) => {
    if (client.writable) client.end(failureText(error));
    else client.destroy();
    copy?.end();
  });
  outgoing.on('upgrade', (answer, engine: Duplex, rest: Uint8Array) => {
    client.unpipe(outgoing);
    client.write(headText(answer));
    if (rest.length > 0) {
      client.write(rest);
      copy?.write(rest);
    }
    engine.on('error', () => client.destroy());
    client.on('error', () => engine.destroy());
    client.on('close', () => engine.destroy());
    engine.on('close', () => {
      if (!client.writableEnded) client.destroy();
    });
    engine.pipe(client);
    if (copy !== undefined) engine.on('close', () => copy.end()).pipe(copy);
    client.pipe(engine);
  });
  // It is refused, or an engine that takes over without saying so: either way this connection has no further request.
  outgoing.on('response', (answer) => {
    client.unpipe(outgoing);
    client.write(headText(answer, 'Connection: close'));
    answer.on('error', () => client.destroy());
    answer.pipe(client);
    if (copy === undefined) return;
    answer.on('close', () => copy.end());
    if (answer.statusCode === 200) answer.pipe(copy);
  });
  client.on('close', () => outgoing.destroy());
  if (head.length > 0) outgoing.write(head);
  else outgoing.flushHeaders();
  client.pipe(outgoing);
}

function headText(answer: IncomingMessage, ...more: readonly string[]): string {
  const lines = [`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`];
  const raw = more.length > 0 ? passedHeaders(answer, ['transfer-encoding']) : answer.rawHeaders;
  for (let at = 0; at < raw.length; at += 2) lines.push(`${raw[at]}: ${raw[at + 1]}`);
  return `${[...lines, ...more].join(CRLF)}${CRLF}${CRLF}`;
}

function failureText(error: Error): string {
  const message = `keepset: the engine does not answer (${(error as NodeJS.ErrnoException).code ?? error.message})`;
  const body = `${JSON.stringify({ message })}\n`;
  const lines = ['HTTP/1.1 502 Bad Gateway', 'Content-Type: application/json', 'Connection: close'];
  return `${[...lines, `Content-Length: ${Buffer.byteLength(body)}`].join(CRLF)}${CRLF}${CRLF}${body}`;
}
