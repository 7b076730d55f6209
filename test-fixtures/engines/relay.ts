// Carries connections from one place to another, each half closed on its own: node relay.ts FROM TO, where each is the
// path of a socket or a port of 127.0.0.1. Prints the port that it was given, once it listens.
import { connect, createServer, type NetConnectOpts, type Server } from 'node:net';

/** A path, or a port of 127.0.0.1; 0: any that is free. */
export type Place = string | number;

export async function startRelay(from: Place, to: Place): Promise<Server> {
  const target: NetConnectOpts =
    typeof to === 'string'
      ? { path: to, allowHalfOpen: true }
      : { host: '127.0.0.1', port: to, allowHalfOpen: true };
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect(target);
    near.pipe(far).pipe(near);
    near.on('error', () => far.destroy());
    far.on('error', () => near.destroy());
    near.on('close', () => far.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject);
    if (typeof from === 'string') server.listen(from, resolve);
    else server.listen(from, '127.0.0.1', resolve);
  });
  return server;
}

if (process.argv[1] === import.meta.filename) {
  const [from, to] = process.argv.slice(2).map((text) => (/^\d+$/.test(text) ? Number(text) : text));
  if (from === undefined || to === undefined) throw new Error('relay.ts FROM TO');
  await startRelay(from, to);
  process.stdout.write('listens\n');
}
