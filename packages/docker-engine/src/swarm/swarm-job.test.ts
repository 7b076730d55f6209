import type { RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import { withAnswers } from '../../../../test-fixtures/answering.ts';
import { type Connection, openConnection } from '../connection/open-connection.js';
import { listSwarmTasks, removeSwarmJob, type SwarmJob, startSwarmJob } from './swarm-job.js';

/** Of whom a service is, by its id. */
const SERVICES: Readonly<Record<string, object>> = {
  own: { 'org.keepset.role': 'fleet' },
  other: { 'org.keepset.role': 'recorder' },
  web: {},
};

/** A manager of a Swarm that has those services, and a volume. */
const manager: RequestListener = ({ url = '' }, response) => {
  const answer = (value: object) => response.end(JSON.stringify(value));
  if (url === '/version') return answer({ ApiVersion: '1.51', Version: '28' });
  if (url.startsWith('/v1.51/tasks?'))
    return answer([{ Slot: 2, CreatedAt: 'c', Status: { State: 'running' } }]);
  if (url.includes('/volumes/')) return answer({ Name: 'data', Labels: SERVICES.own });
  const Labels = SERVICES[url.replace('/v1.51/services/', '')];
  if (Labels === undefined) return response.writeHead(404).end('{"message":"service not found"}');
  return answer({ ID: 'x', Spec: { Labels } });
};

async function withManager(
  listener: RequestListener,
  use: (connection: Connection) => Promise<void>,
): Promise<readonly string[]> {
  return await withAnswers(listener, async (name) => {
    const [host = '', port] = name.split(':');
    await use(await openConnection({ address: { text: name, protocol: 'http', host, port: Number(port) } }));
  });
}

describe('a job', () => {
  it('is listed and removed', async () => {
    const asked = await withManager(manager, async (connection) => {
      expect(await listSwarmTasks(connection, 'own')).toEqual([
        { slot: 2, state: 'running', createdAt: 'c', message: undefined },
      ]);
      await removeSwarmJob(connection, 'own');
    });
    expect(asked).toContain('DELETE /v1.51/services/own');
  });

  it.each(['web', 'other', 'gone', '../volumes/data'])(
    'that is none of keepset is absent: %s',
    async (id) => {
      const asked = await withManager(manager, async (connection) => {
        expect(await listSwarmTasks(connection, id)).toBeUndefined();
        await removeSwarmJob(connection, id);
      });
      expect(asked.filter((line) => !line.startsWith('GET '))).toEqual([]);
    },
  );

  const job: SwarmJob = {
    ...{
      image: 'registry.example.org/keepset:1',
      args: ['a'],
      variables: ['SECRET=s'],
      workingDirectory: '/',
    },
    ...{ mounts: [], constraints: [], count: 3, concurrent: 1, restartsMax: 1, graceSeconds: 1 },
  };
  const login = { username: 'u', password: 'p', serveraddress: 'registry.example.org' };

  it.each([
    ['the login for its image', login, login],
    ['no login where there is none', undefined, {}],
  ])('is given with %s', async (_, credentials, shown) => {
    let header = '';
    let body = '';
    const listener: RequestListener = (request, response) => {
      if (request.method !== 'POST') return manager(request, response);
      header = String(request.headers['x-registry-auth'] ?? '');
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => response.writeHead(201).end('{"ID":"abc"}'));
    };
    await withManager(listener, async (connection) => {
      expect(await startSwarmJob(connection, job, async () => credentials)).toBe('abc');
    });
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual(shown);
    expect(Object.keys(JSON.parse(body) as object)).toEqual(['Labels', 'TaskTemplate', 'Mode']);
  });
});
