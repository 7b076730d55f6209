// A server on this machine that answers as a test says.
import { createServer, type RequestListener } from 'node:http';

/**
 * @param use  gets HOST:PORT
 * @returns what was asked: 'GET /v2/a'
 */
export async function withAnswers(
  listener: RequestListener,
  use: (name: string) => Promise<void>,
): Promise<readonly string[]> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    listener(request, response);
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  try {
    await use(`127.0.0.1:${(server.address() as { port: number }).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
  return asked;
}
