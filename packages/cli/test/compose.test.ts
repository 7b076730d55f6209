import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Engine } from '@keepset/docker-engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensurePackages } from '../../../test-fixtures/ensure-programs.ts';
import { connectTestEngine, ensureImage } from '../../../test-fixtures/images.ts';
import { readService } from '../src/commands/recording/compose.js';
import { runKeepset } from './run-keepset.ts';

const PROGRAM = new URL('../dist/keepset.js', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'test-compose-'));
const NAME = `keepset-test-compose-${process.pid}`;
const opened = new AsyncDisposableStack();
let engine: Engine;

beforeAll(async () => {
  await ensurePackages('docker-compose', 'docker-compose');
  engine = opened.use(await connectTestEngine());
  const image = await ensureImage(engine, 'service');
  // Both services have one image: only one of them is recorded, and replaced.
  writeFileSync(
    join(folder, 'compose.yaml'),
    `services:
  web:
    image: ${image}
    labels: { test: ${NAME} }
    volumes: ['./web.conf:/etc/nginx/sites-enabled/default:ro']
    depends_on: [api]
  api:
    image: ${image}
    labels: { test: ${NAME} }
  built:
    build: .
    profiles: [never]
`,
  );
  writeFileSync(
    join(folder, 'web.conf'),
    `server {
  listen 80 default_server;
  access_log off;
  root /var/www/html;
  location / { proxy_pass http://api; }
  location = /other.html { }
}
`,
  );
});
afterAll(async () => {
  await engine.removeImage(`${NAME}:small`);
  await opened.disposeAsync();
  rmSync(folder, { recursive: true });
});

const SHRINK = ['shrink', '--compose', 'compose.yaml', '--service', 'web', '-t', `${NAME}:small`];
const left = () =>
  execFileSync('docker', ['ps', '-a', '-q', '--filter', `label=test=${NAME}`], { encoding: 'utf8' });

describe('one service of a stack', () => {
  it('is shrunk beside the one that it needs', async () => {
    const asked = ['--http', '/', '--http', '/other.html', '--exec', 'nginx -t'];
    const { status, stderr } = await runKeepset(folder, [...SHRINK, ...asked, '--manifest', 'web.json']);
    expect(stderr).toMatch(/^verified {2}yes: in the stack, the same exit status, output and answers/m);
    expect(status).toBe(0);
    const { source, result } = JSON.parse(readFileSync(join(folder, 'web.json'), 'utf8'));
    expect(result.sizeBytes).toBeLessThan(source.sizeBytes / 4);
    // The first page was the other service's.
    const why = async (page: string) => {
      const { stdout } = await runKeepset(folder, ['why', 'web.json', `/var/www/html/${page}`]);
      return stdout.includes(`/${page} is kept`);
    };
    expect([await why('other.html'), await why('index.html')]).toEqual([true, false]);
    expect(left()).toBe('');
  });

  it('is taken down with the others when somebody interrupts', async () => {
    const args = [...SHRINK, '--probe', `touch ${folder}/asked; sleep 60`];
    const child = spawn(process.execPath, [PROGRAM, ...args], { cwd: folder, stdio: 'ignore' });
    const closed = once(child, 'close');
    while (!existsSync(join(folder, 'asked')) && child.exitCode === null) await delay(50);
    expect(left().trim().split('\n')).toHaveLength(2);
    child.kill('SIGINT');
    expect((await closed)[0]).toBe(130);
    expect(left()).toBe('');
  });
});

describe('what cannot be', () => {
  const NONE = ['shrink', '--compose', 'compose.yaml', '-t', 'x'];
  it.each([
    [[...NONE, '--service', 'none', '--http', '/'], 2, '--service none: there is no such service'],
    [[...NONE, '--http', '/'], 2, '--compose shrinks one service, and none is named'],
    [[...NONE, '--service', 'web'], 2, 'nothing is to be asked'],
    [[...NONE, '--service', 'web', '--http', '/', 'nginx'], 2, "unexpected argument 'nginx'"],
    [[...NONE, '--service', 'web', '--http', '/', '-v', '/a:/b'], 2, '--volume does not go with --compose'],
    [[...NONE, '--service', 'web', '--http', '/', '--ignore-output', 'x'], 2, '--ignore-output does not go'],
    [[...NONE, '--service', 'web', '--http', '/', '--ready', 'healthy'], 2, '--ready healthy does not go'],
    [['shrink', '--service', 'web', '-t', 'x', 'debian'], 2, '--service is for --compose FILE'],
    [
      ['shrink', '--compose', 'no.yaml', '--service', 'web', '-t', 'x', '--http', '/'],
      2,
      'cannot read no.yaml',
    ],
  ])('%j', async (args, expected, message) => {
    const { status, stderr } = await runKeepset(folder, args);
    expect([status, stderr]).toEqual([expected, expect.stringContaining(message)]);
    expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(3);
  });

  it('no docker-compose', async () => {
    const args = [...NONE, '--service', 'web', '--http', '/'];
    const { status, stderr } = await runKeepset(folder, args, { PATH: '/nowhere' });
    expect([status, stderr.split('\n')[0]]).toEqual([
      2,
      'keepset: --compose: docker-compose is not here, nor docker compose',
    ]);
  });

  it.each([
    ['a service without an image', 'services: { web: { build: . } }', 'it is built'],
    ['one that is built as well', 'services: { web: { image: x, build: { context: . } } }', 'it is built'],
    ['a name of every object', 'services: { web: { image: x } }', 'there is no such service', 'constructor'],
    ['no services', '[]', 'is not understood'],
    [
      'a volume of others',
      'services: { web: { image: x } }\nvolumes: { data: { name: mine } }',
      'the volume data has a name of its own, mine, and would be removed with the stack',
    ],
    [
      'a network of others',
      'services: { web: { image: x } }\nnetworks: { net: { name: mine } }',
      'the network net has a name of its own, mine, and would be removed with the stack',
    ],
  ])('%s', (_, text, message, name = 'web') => {
    expect(() => readService(text, name, 'project')).toThrow(message);
  });

  it.each([
    'volumes: { data: }',
    'volumes: { data: { external: true, name: mine } }',
    'volumes: { data: { external: { name: mine } } }',
    'volumes: { data: { name: project_data } }\nnetworks: { default: { name: project_default } }',
  ])('but not of %s', (text) => {
    const service = readService(`services: { web: { image: x } }\n${text}`, 'web', 'project');
    expect(service).toEqual({ image: 'x', tty: false });
  });
});
