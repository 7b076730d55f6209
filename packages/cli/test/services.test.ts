import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '@keepset/docker-engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectTestEngine, ensureImage } from '../../../test-fixtures/images.ts';
import { runKeepset } from './run-keepset.ts';

let engine: Engine;
let image: string;
const folder = mkdtempSync(join(tmpdir(), 'test-services-'));
const NAME = `keepset-test-services-${process.pid}`;

beforeAll(async () => {
  engine = await connectTestEngine();
  image = await ensureImage(engine, 'service');
});
afterAll(async () => {
  await engine.removeImage(`${NAME}:small`);
  await engine[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

describe('services on the command line', () => {
  it('a server is asked, and the result answers the same', async () => {
    const { status, stdout, stderr } = await runKeepset(folder, [
      'shrink',
      '--http',
      '/',
      '--exec',
      'cat /etc/issue',
      '--probe',
      'echo $KEEPSET_PORT_80 | grep -c .',
      '-t',
      `${NAME}:small`,
      image,
    ]);
    expect(stderr).toMatch(/trace .* ready after \d+\.\d s, 3 answers, exit status 0/);
    expect(stderr).toMatch(/^verified {2}yes/m);
    expect(status).toBe(0);
    // What commands print is shown; what servers answer is not.
    expect(stdout).toMatch(/^Debian GNU/m);
    expect(stdout).toMatch(/^1$/m);
    expect(stdout).not.toContain('the first page');
  });

  it('a server that nobody asks is no hang', async () => {
    const { status, stderr } = await runKeepset(folder, ['shrink', '-t', `${NAME}:none`, image]);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /keepset: the command listens on port 80 and waits.*\n {2}Say what to ask of it: --http \//,
    );
  });

  it('keepset.yaml, traced once, makes the image that it makes itself', async () => {
    const file = join(folder, 'keepset.yaml');
    writeFileSync(join(folder, 'input'), 'a\nb\n');
    writeFileSync(
      file,
      `image: ${image}
tag: ${NAME}:small
runs:
  - name: count
    command: wc -l
    stdin: input
    expect: { stdout: '^2$' }
services:
  - name: web
    http: /other.html
keep: [/etc/issue]
`,
    );
    const trace = join(folder, 'runs.trace');
    const direct = await runKeepset(folder, [
      'shrink',
      '-f',
      file,
      '--jobs',
      '2',
      '--keep-list',
      join(folder, 'keep.txt'),
      '-q',
    ]);
    expect(direct).toMatchObject({ status: 0, stderr: '' });
    const traced = await runKeepset(folder, ['trace', '-f', file, '-o', trace]);
    expect(traced.stderr).toMatch(
      /^run {7}count: \d+ lines, exit status 0\nrun {7}web: \d+ lines, exit status 0$/m,
    );
    const from = await runKeepset(folder, [
      'shrink',
      '--from',
      trace,
      '--keep',
      '/etc/issue',
      '-t',
      `${NAME}:small`,
      '-q',
    ]);
    expect(from).toMatchObject({ status: 0, stdout: direct.stdout });
    const kept = readFileSync(join(folder, 'keep.txt'), 'utf8').split('\n');
    expect(kept).toEqual(expect.arrayContaining(['/usr/bin/wc', '/var/www/html/other.html', '/etc/issue']));
    expect(kept).not.toContain('/var/www/html/index.html');
  });

  it.each([
    [
      'a run that does not what it should',
      "runs: [{ name: a, command: 'echo 3', expect: { stdout: '^2$' } }]",
      /the standard output of the run 'a' has nothing like \^2\$/,
    ],
    [
      'one that ends otherwise',
      'runs: [{ name: a, command: "true", expect: { exitStatus: 3 } }]',
      /the run 'a' ended with 0 instead of 3/,
    ],
    [
      'a typo',
      'runs: [{ nme: a }]',
      /keepset.yaml:2: runs\[0\](\.name is missing|: there is no key 'nme' here)/,
    ],
  ])('%s is told', async (_title, runs, message) => {
    const file = join(folder, 'keepset.yaml');
    writeFileSync(file, `image: ${image}\n${runs}\n`);
    const { status, stderr } = await runKeepset(folder, ['shrink', '-f', file, '-t', `${NAME}:none`]);
    expect(stderr).toMatch(message);
    expect(status).toBeGreaterThan(0);
  });
});
