import { type Engine, type RunOptions, toContainerConfig } from '@keepset/docker-engine';
import { type Hardening, toSeccompProfile } from '@keepset/hardening';
import { runContainer } from '@keepset/tracer';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectTestEngine, ensureBase, ensureImage } from '../../../test-fixtures/images.ts';
import { confinedOptions } from '../src/harden/confined-options.js';
import { type HereOptions, shrinkHere } from './shrink-here.ts';

let engine: Engine;
let base: string;

beforeAll(async () => {
  engine = await connectTestEngine();
  base = await ensureBase(engine);
});
afterAll(async () => await engine?.[Symbol.asyncDispose]());

/** The rights of a result, which is removed. */
async function rightsOf(request: HereOptions): Promise<Hardening> {
  const { result } = await shrinkHere(engine, { ...request, harden: {} });
  await engine.removeImage(result.id);
  expect(result.verified).toBe(true);
  expect(result.manifest.hardening).toEqual(result.hardening);
  return result.hardening as Hardening;
}

const capabilities = (rights: Hardening) => rights.capabilities.map(({ name }) => name);

it('what is not allowed is refused: calls of the kernel, writing to the root, gaining rights', async () => {
  const image = await ensureImage(engine, 'rights');
  const rights = await rightsOf({ image, expectation: { exitStatus: 7 } });
  expect(rights).toMatchObject({
    capabilities: [],
    gaining: [],
    writable: [],
    rootWrites: [],
    network: { kind: 'none' },
    plainUser: true,
  });
  const forbidden = async (options: RunOptions) => {
    const config = toContainerConfig(image, ['/forbidden'], { entrypoint: '', ...options });
    await using container = await engine.createContainer(config, 'test');
    return await runContainer(container, config, { onOutput: () => {} });
  };
  expect(await forbidden(confinedOptions({}, rights))).toBe(0);
  // The program tells: without restrictions, some of it is done.
  expect(await forbidden({})).toBeGreaterThan(0);
});

it('a program of 32 bits has the calls of its own architecture', async () => {
  const image = await ensureImage(engine, 'rights');
  const options = { entrypoint: '/exit32' };
  const rights = await rightsOf({ image, options, expectation: { exitStatus: 7 } });
  expect(toSeccompProfile(rights).architectures).toEqual(['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86']);
});

it('a server has the rights that it uses, and no others', async () => {
  const rights = await rightsOf({
    image: await ensureImage(engine, 'service'),
    service: { ready: [], steps: [{ kind: 'http', method: 'GET', path: '/' }] },
  });
  expect(capabilities(rights)).toEqual(['CHOWN', 'NET_BIND_SERVICE', 'SETGID', 'SETUID']);
  expect(rights.network).toEqual({ kind: 'network', listens: ['tcp/80'], connects: false });
  expect(rights.writable.map(({ path, kind }) => `${kind} ${path}`)).toEqual([
    'tmpfs /run',
    'volume /var/lib/nginx',
  ]);
  expect(rights.calls.length).toBeLessThan(80);
  expect(rights.calls.find(({ name }) => name === 'clone')?.only).toEqual({ without: 0x7e020000 });
});

it('a lack that a program passes over is noticed by the comparison, also where no call failed', async () => {
  const rights = await rightsOf({
    image: base,
    command: [
      'sh',
      '-c',
      'touch /srv/x; chgrp 33 /srv/x 2>/dev/null || :; chmod 2755 /srv/x; stat -c "%g %a" /srv/x',
    ],
  });
  expect(rights.capabilities).toMatchObject([
    {
      name: 'CHOWN',
      reasons: [{ kind: 'repair', program: expect.stringMatching(/chgrp$/), call: 'fchownat' }],
    },
    { name: 'FSETID', reasons: [{ kind: 'repair', run: 'main' }] },
  ]);
});

it('a program that falls back in silence on what no trace shows gets no rights', async () => {
  const program = `open F, '<', '/proc/self/status';
    my $isTraced = join('', <F>) !~ /TracerPid:\\t0\\n/;
    print $isTraced ? 'traced' : setpriority(0, 0, 5) ? 'nice' : 'plain';`;
  await expect(
    shrinkHere(engine, { image: base, command: ['perl', '-e', program], harden: {} }),
  ).rejects.toMatchObject({ code: 'HARDENING_FAILED' });
});

it('a program with capabilities of its own gains them', async () => {
  const rights = await rightsOf({
    image: await ensureImage(engine, 'fidelity'),
    command: ['sh', '-c', '/fidelity/capable-rights | grep CapEff'],
    options: { user: 'jo' },
  });
  expect(rights.gaining).toEqual(['/fidelity/capable-rights']);
  expect(capabilities(rights)).toEqual(['NET_BIND_SERVICE']);
});

it('is the same each time, and nothing of it is there without being asked for', async () => {
  const request = { image: base, command: ['sh', '-c', 'echo a > /tmp/x; cat /tmp/x'] };
  const profile = async () => JSON.stringify(toSeccompProfile(await rightsOf(request)));
  expect(await profile()).toBe(await profile());
  const { result } = await shrinkHere(engine, request);
  await engine.removeImage(result.id);
  expect(result.hardening).toBeUndefined();
});

it('what cannot be traced now has no rights', async () => {
  await expect(shrinkHere(engine, { image: base, harden: {}, verify: false })).rejects.toMatchObject({
    code: 'HARDENING_UNTRACED',
  });
});
