import type { Engine } from '@keepset/docker-engine';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectTestEngine, ensureBase, ensureImage } from '../../../test-fixtures/images.ts';
import { shrinkHere } from './shrink-here.ts';

// What a shrink is, in few tests: they run on every kind of engine (bin/test-engines).

/** A rootless engine cannot make another network on every machine. */
const APART = { network: 'none' };

let engine: Engine;
let base: string;

beforeAll(async () => {
  engine = await connectTestEngine();
  base = await ensureBase(engine);
});
afterAll(async () => await engine?.[Symbol.asyncDispose]());

it('an image FROM scratch becomes its program and its file', async () => {
  const { result, output } = await shrinkHere(engine, {
    image: await ensureImage(engine, 'static'),
    options: APART,
  });
  expect(output).toBe('a line of data\n');
  const kept = [...result.manifest.plan.kept.keys()].filter((path) => !/^\/(dev|proc|sys)?$/.test(path));
  expect(kept).toEqual(['/bin', '/bin/show', '/data']);
  await engine.removeImage(result.id);
});

it('a result is verified under the least rights that it needs', async () => {
  const { result } = await shrinkHere(engine, {
    image: await ensureImage(engine, 'static'),
    options: APART,
    harden: {},
  });
  expect(result.verified).toBe(true);
  expect(result.hardening).toMatchObject({ capabilities: [], gaining: [], writable: [], rootWrites: [] });
  await engine.removeImage(result.id);
});

it('the same command does the same in the result, whatever its user, and the same is the same image', async () => {
  const image = await ensureImage(engine, 'fidelity');
  const request = {
    image,
    command: ['sh', '-c', 'id; cat /fidelity/data/3'],
    options: { user: 'jo', network: 'none' },
  };
  const first = await shrinkHere(engine, request);
  const second = await shrinkHere(engine, request);
  expect(first.output).toMatch(/uid=1500\(jo\)[\s\S]*content 3/);
  expect(first.result.verified).toBe(true);
  expect(second.result.id).toBe(first.result.id);
  await engine.removeImage(first.result.id);
});

it('a program with capabilities of its own has them in the traced run and in the result', async () => {
  const image = await ensureImage(engine, 'fidelity');
  const request = { image, command: ['/fidelity/capable-rights'], options: { user: 'jo', network: 'none' } };
  const { result, output, events } = await shrinkHere(engine, request);
  expect(output).toMatch(/^CapEff:\t0000000000000400/m);
  expect(JSON.stringify(events)).toContain('/fidelity/capable-rights, which changes its rights');
  expect(result.verified).toBe(true);
  await engine.removeImage(result.id);
});

it('what a keep list lacks is found and mended', async () => {
  const command = ['sh', '-c', 'ls /usr/share | wc -l'];
  const { result } = await shrinkHere(engine, { image: base, command, options: APART });
  expect(result.verified).toBe(true);
  await engine.removeImage(result.id);
});

it('a program that outlives the command is named', async () => {
  const command = [
    'sh',
    '-c',
    'sleep 1000 >/dev/null 2>&1 & until grep -q sleep /proc/$!/comm; do :; done; echo done',
  ];
  const { result, output, events } = await shrinkHere(engine, { image: base, command, options: APART });
  expect(output).toBe('done\n');
  const notes = events.flatMap((event) => (event.kind === 'note' ? [event.message] : []));
  expect(notes.join('\n')).toMatch(/ended while [^ ]*\/sleep ran on beside it/);
  await engine.removeImage(result.id);
});

it('a command that fails makes no image', async () => {
  const shrunk = shrinkHere(engine, { image: base, command: ['sh', '-c', 'exit 7'], options: APART });
  await expect(shrunk).rejects.toMatchObject({ code: 'COMMAND_FAILED' });
});

// Not from here: engines of tests have networks of their own.
it('a server is asked from inside, by its HEALTHCHECK as well', async () => {
  const image = await ensureImage(engine, 'service-healthy');
  const { result } = await shrinkHere(engine, {
    image,
    options: { network: 'none' },
    service: {
      ready: [{ kind: 'port', ports: [80] }],
      steps: [{ kind: 'exec', command: ['cat', '/etc/issue'] }],
    },
  });
  expect(result.verified).toBe(true);
  expect([...result.manifest.plan.kept.keys()]).toEqual(
    expect.arrayContaining(['/var/www/html/index.html', '/etc/issue', '/usr/local/bin/healthy']),
  );
  await engine.removeImage(result.id);
});

it('a server that nobody asks is told of', async () => {
  const image = await ensureImage(engine, 'service');
  const shrunk = shrinkHere(engine, { image, options: { network: 'none' } });
  await expect(shrunk).rejects.toMatchObject({ code: 'SERVICE_UNASKED' });
});
