import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const PROGRAM = new URL('../dist/keepset.js', import.meta.url).pathname;
const CHECKOUT = new URL('../../../bin/keepset', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'test-start-'));
/** As npm makes it. */
const installed = join(folder, 'keepset');
const loaded = join(folder, 'loaded');

/** An engine that never answers. */
let silent: Server;
const socket = join(folder, 'socket');

beforeAll(async () => {
  chmodSync(PROGRAM, 0o755);
  symlinkSync(PROGRAM, installed);
  writeFileSync(
    join(folder, 'evil.mjs'),
    `import { writeFileSync } from 'node:fs'; writeFileSync('${loaded}', '');`,
  );
  writeFileSync(
    join(folder, 'app.env'),
    `NODE_OPTIONS=--import=${join(folder, 'evil.mjs')}\nKEEPSET_QUIET=true\n`,
  );
  silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(socket, resolve));
});
afterAll(() => {
  silent.closeAllConnections();
  silent.close();
  rmSync(folder, { recursive: true });
});

function start(program: string, args: readonly string[], host: string) {
  const child = spawn(program, args, {
    cwd: folder,
    env: {
      ...process.env,
      PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
      DOCKER_HOST: host,
      TMPDIR: folder,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      text += chunk;
    });
  const ended = new Promise<{ status: number | null; signal: string | null; text: string }>((resolve) =>
    child.on('close', (status, signal) => resolve({ status, signal, text })),
  );
  return { child, ended };
}

describe('options of the container are none of Node’s', () => {
  it.each([
    ['the checkout', CHECKOUT],
    ['an installed package', installed],
  ])('from %s', async (_what, program) => {
    for (const args of [
      ['-t', 'x', 'image', 'node', '--env-file', 'missing.env', 'app.js'],
      ['-t', 'x', 'image', 'node', '--env-file=app.env', '--import=./evil.mjs', 'app.js'],
      ['-t', 'x', '--env-file', 'app.env', 'image', 'node', '--require', './evil.mjs'],
      [
        '-t',
        'x',
        'image',
        'node',
        '--env-file-if-exists=app.env',
        '--inspect-brk',
        '--',
        '--experimental-config-file',
      ],
    ]) {
      const { status, text } = await start(program, ['shrink', ...args], 'unix:///no/engine').ended;
      expect({ status, text }).toEqual({
        status: 1,
        text: expect.stringMatching(/^keepset: no engine at unix:/),
      });
    }
    expect(existsSync(loaded)).toBe(false);
  });
});

describe('signals', () => {
  const shrink = ['shrink', '-t', 'x', 'image', 'true'];
  /** Until it has a session: then it asks the engine, in vain. */
  const asking = async () => {
    const asked = new Promise((resolve) => silent.once('request', resolve));
    const started = start(installed, shrink, `unix://${socket}`);
    await asked;
    return started;
  };

  it('two at once are one', async () => {
    const { child, ended } = await asking();
    child.kill('SIGTERM');
    await delay(20);
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({
      status: 143,
      text: expect.stringMatching(/everything was cleaned up/),
    });
  });

  it('one alone ends it', async () => {
    const { child, ended } = await asking();
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ status: 130, text: expect.not.stringMatching(/prune/) });
  });

  it('a command that leaves nothing ends as any program, whatever it does', async () => {
    const busy = join(folder, 'busy.json');
    // A list that takes long to be read.
    writeFileSync(busy, `{"manifestVersion":1,"x":[${'[],'.repeat(3_000_000)}0]}`);
    const { child, ended } = start(installed, ['ls', busy], 'unix:///no/engine');
    await delay(300);
    child.kill('SIGTERM');
    expect(await ended).toEqual({ status: null, signal: 'SIGTERM', text: '' });
  });
});
