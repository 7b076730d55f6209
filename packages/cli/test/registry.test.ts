import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  clientRegistryAccess,
  connectEngine,
  type Engine,
  resolveEngineAddress,
} from '@keepset/docker-engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withAnswers } from '../../../test-fixtures/answering.ts';
import { ensurePackages, ensurePrograms } from '../../../test-fixtures/ensure-programs.ts';
import { ensureImage } from '../../../test-fixtures/images.ts';
import { startRegistry, type TestRegistry } from '../../../test-fixtures/registry.ts';
import { runHere } from '../../shrinker/test/shrink-here.ts';
import { PROGRAM, runKeepset } from './run-keepset.ts';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'test-registry-'));
/** Logged in at the one, whose certificate is put down where podman and keepset look. */
const home = { HOME: join(folder, 'home'), DOCKER_CONFIG: join(folder, 'home') };
const registries = new Map<string, TestRegistry>();
let engine: Engine;
let image: string;

const place = (kind: string) => registries.get(kind)?.name ?? '';

beforeAll(async () => {
  await ensurePrograms('skopeo');
  await ensurePackages('podman', 'podman', 'netavark', 'crun');
  for (const [kind, options] of [
    ['open', {}],
    ['closed', { wantsPassword: true, tls: true }],
  ] as const) {
    const own = join(folder, kind);
    mkdirSync(own);
    registries.set(kind, await startRegistry(own, options));
  }
  const certificates = join(home.HOME, '.config/containers/certs.d', place('closed'));
  mkdirSync(certificates, { recursive: true });
  const authority = join(registries.get('closed')?.certificateFolder ?? '', place('closed'), 'ca.crt');
  writeFileSync(join(certificates, 'ca.crt'), readFileSync(authority));
  const auth = Buffer.from('me:secret').toString('base64');
  writeFileSync(join(home.HOME, 'config.json'), JSON.stringify({ auths: { [place('closed')]: { auth } } }));
  engine = await connectEngine({
    address: resolveEngineAddress({ environment: process.env, homeDirectory: homedir() }),
    registries: clientRegistryAccess({ environment: home, homeDirectory: home.HOME }),
  });
  image = await ensureImage(engine, 'static');
});
afterAll(async () => {
  for (const registry of registries.values()) registry[Symbol.dispose]();
  await engine?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** Pull and run, in a store of its own. crun refuses a machine that has both kinds of control groups. */
async function runInPodman(reference: string, options: readonly string[]): Promise<string> {
  const store = `--storage-driver overlay --root ${folder}/podman --runroot ${folder}/podman-run`;
  const script = `if mountpoint -q /sys/fs/cgroup/unified; then umount /sys/fs/cgroup/unified; fi
    podman ${store} pull --quiet "$@" >&2
    exec podman ${store} run --rm --network none --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 ${reference}`;
  return (await run('unshare', ['-m', 'sh', '-ec', script, 'sh', ...options, reference])).stdout;
}

describe.each([
  ['open', 'gzip', []],
  ['closed', 'none', ['--no-insecure']],
  ['open', 'estargz', []],
  ['open', 'zstdchunked', []],
] as const)('a registry that is %s, and layers of %s', (kind, compression, options) => {
  it('gets the image that an archive gets, and docker, podman and skopeo have it from there', async () => {
    const [one, other] = [`${place(kind)}/${compression}/one:1`, `${place(kind)}/${compression}/other`];
    const outputs = ['type=oci,dest=image.tar', `type=registry,ref=${one}`, `type=registry,ref=${other}`];
    const args = outputs.flatMap((output) => ['-o', output]);
    const flatten = ['flatten', '--json', '--compression', compression, ...options, ...args, image];
    const { status, stdout, stderr } = await runKeepset(folder, flatten, home);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { id, manifestDigest } = JSON.parse(stdout);
    const authority = join(home.HOME, '.config/containers/certs.d', place(kind));
    const reaching = {
      open: ['--tls-verify=false'],
      closed: ['--cert-dir', authority, '--authfile', `${home.HOME}/config.json`],
    }[kind];
    for (const name of [`oci-archive:${folder}/image.tar`, `docker://${one}`, `docker://${other}`]) {
      const inspected = await run('skopeo', ['inspect', ...reaching, name]);
      expect(JSON.parse(inspected.stdout).Digest).toBe(manifestDigest);
    }
    expect(await runInPodman(one, reaching)).toBe('a line of data\n');
    // Older engines do not unpack zstd.
    if (compression === 'zstdchunked') return;
    await engine.pullImage(one);
    const isSame = (await engine.inspectImage(one))?.id === id;
    // Its layer has two files of its own.
    expect(isSame).toBe(compression !== 'estargz');
    expect((await runHere(engine, one)).output).toBe('a line of data\n');
    await engine.removeImage(one);
  });
});

/** Who knows neither a password nor an authority, nor an engine. */
const STRANGER = { HOME: folder, DOCKER_CONFIG: folder, DOCKER_HOST: 'tcp://127.0.0.1:1' };

describe('a registry that does not take it is found out before anything is made', () => {
  const flatten = async (reference: string, ...options: readonly string[]) => {
    const args = ['flatten', ...options, '-o', `type=registry,ref=${reference}`, image];
    const outcome = await runKeepset(folder, args, STRANGER);
    expect(outcome).toMatchObject({ status: 1, stdout: '' });
    expect(outcome.stderr.trim().split('\n')).toHaveLength(2);
    return outcome.stderr;
  };

  it.each<[string, () => string, readonly string[], RegExp]>([
    [
      'who is not logged in',
      () => place('closed'),
      [],
      /answers 401 for the upload to .*\n {2}Log in \(docker login/,
    ],
    [
      'that is not there',
      () => '127.0.0.1:1',
      [],
      /does not answer, or stops \(ECONNREFUSED\)\n {2}Check its name/,
    ],
    [
      'without TLS',
      () => place('open'),
      ['--no-insecure'],
      /does not speak TLS\n.* --insecure asks it all the same/,
    ],
    [
      'whose certificate nobody vouches for',
      () => place('closed'),
      ['--no-insecure'],
      /is not trusted \([^;]+\)\n {2}Put the certificate of its authority into .*\/ca.crt\. --insecure asks/,
    ],
  ])('%s', async (_, registry, options, message) => {
    expect(await flatten(`${registry()}/a/b`, ...options)).toMatch(message);
  });
});

it('a push that is interrupted is taken back, and nothing is left', async () => {
  const interrupted: { child?: ReturnType<typeof spawn> } = {};
  const uploading: RequestListener = (request, response) => {
    const { method } = request;
    if (method === 'HEAD') response.writeHead(404).end();
    else if (method === 'POST') response.writeHead(202, { location: '/v2/a/blobs/uploads/1' }).end();
    else if (method === 'DELETE') response.writeHead(204).end();
    else request.once('data', () => interrupted.child?.kill('SIGINT'));
  };
  const temporary = join(folder, 'temporary');
  mkdirSync(temporary);
  const asked = await withAnswers(uploading, async (name) => {
    const args = ['flatten', '-t', 'keepset/test-push:1', '-o', `type=registry,ref=${name}/a`, image];
    const env = { ...process.env, ...home, TMPDIR: temporary };
    const child = spawn(process.execPath, [PROGRAM, ...args], { env, stdio: 'ignore' });
    interrupted.child = child;
    expect(await once(child, 'exit')).toEqual([130, null]);
  });
  const methods = asked.map((line) => line.replace(/ .*/, ''));
  expect(methods).toEqual(['POST', 'DELETE', 'HEAD', 'POST', 'PUT', 'DELETE']);
  // Others make images beside this.
  expect((await engine.listImages()).flatMap(({ names }) => names)).not.toContain('keepset/test-push:1');
  expect(readdirSync(temporary)).toEqual([]);
});
