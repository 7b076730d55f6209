import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { homedir } from 'node:os';
import { Readable } from 'node:stream';
import Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureImage } from '../../../test-fixtures/images.ts';
import { connectEngine } from './connect-engine.js';
import { resolveEngineAddress } from './connection/engine-address.js';
import { packArchive } from './containers/archive-entries.js';
import type { Container } from './containers/container.js';
import type { ContainerConfig } from './containers/container-config.js';
import { runProgram, streamProgram } from './containers/run-program.js';
import type { Engine } from './engine.js';

const ROLE = `test-${process.pid}`;
const address = resolveEngineAddress({ environment: process.env, homeDirectory: homedir() });
/** An eye of its own: the library, without our wall. */
const docker = new Docker(
  address.socketPath === undefined
    ? { host: address.host ?? '', port: address.port ?? 0, ...address.certificates }
    : { socketPath: address.socketPath },
);

let engine: Engine;
let image: string;
/** One that waits, for all that only needs a running one. */
let waiting: Container;

const configOf = (...command: string[]): ContainerConfig => ({
  Image: image,
  Entrypoint: command,
  AttachStdout: true,
  AttachStderr: true,
  HostConfig: { NetworkMode: 'none' },
});
const exists = (id: string) =>
  docker
    .getContainer(id)
    .inspect()
    .then(
      () => true,
      () => false,
    );
const text = (chunks: readonly { bytes: Uint8Array }[]) =>
  Buffer.concat(chunks.map(({ bytes }) => bytes)).toString();

beforeAll(async () => {
  engine = await connectEngine({ address });
  image = await ensureImage(engine, 'fidelity');
  waiting = await engine.createContainer(configOf('sleep', 'infinity'), ROLE);
  await waiting.start();
});
afterAll(async () => {
  await engine?.[Symbol.asyncDispose]();
  const left = await docker.listContainers({ all: true, filters: { label: [`org.keepset.role=${ROLE}`] } });
  expect(left).toEqual([]);
});

describe('connecting', () => {
  it('tells who answers', () => {
    expect(engine.details).toMatchObject({
      address: address.text,
      os: 'linux',
      version: expect.stringMatching(/^\d+\./),
    });
  });

  it('speaks the version that it is told to', async () => {
    await using other = await connectEngine({ address, apiVersion: '1.40' });
    expect(other.details.apiVersion).toBe('1.40');
    expect(await other.inspectImage(image)).toBeDefined();
  });

  it.each([
    ['a socket that is not there', { text: 'unix:///none.sock', socketPath: '/none.sock' }],
    [
      'a port where nobody listens',
      { text: 'tcp://127.0.0.1:1', protocol: 'http' as const, host: '127.0.0.1', port: 1 },
    ],
  ])('is an error at %s', async (_, nowhere) => {
    await expect(connectEngine({ address: nowhere })).rejects.toMatchObject({
      code: 'ENGINE_UNREACHABLE',
      message: expect.stringContaining(nowhere.text),
    });
  });
});

describe('a container', () => {
  it('runs to its end: output by stream, exit status', async () => {
    await using container = await engine.createContainer(
      configOf('sh', '-c', 'echo out; echo err >&2; exit 7'),
      ROLE,
    );
    const { output } = await container.attach({ stdin: false, tty: false });
    await container.start();
    const chunks = await Array.fromAsync(output);
    expect(text(chunks.filter(({ stream }) => stream === 'stdout'))).toBe('out\n');
    expect(text(chunks.filter(({ stream }) => stream === 'stderr'))).toBe('err\n');
    expect(await container.wait()).toBe(7);
  });

  it('gets its standard input, and its end', async () => {
    const config = { ...configOf('wc', '-c'), OpenStdin: true, StdinOnce: true, AttachStdin: true };
    await using container = await engine.createContainer(config, ROLE);
    const { output, stdin } = await container.attach({ stdin: true, tty: false });
    await container.start();
    for (let at = 0; at < 10; at++)
      if (!stdin?.write(Buffer.alloc(100_000))) await once(stdin ?? process, 'drain');
    stdin?.end();
    expect(text(await Array.fromAsync(output))).toBe('1000000\n');
    expect(await container.wait()).toBe(0);
  });

  it('ends by a signal with 128 more', async () => {
    await using container = await engine.createContainer(configOf('sleep', 'infinity'), ROLE);
    await container.start();
    await container.kill('KILL');
    expect(await container.wait()).toBe(137);
  });

  it('is gone once it is disposed of, twice too, running or not', async () => {
    const container = await engine.createContainer(configOf('sleep', 'infinity'), ROLE);
    await container.start();
    expect(await exists(container.id)).toBe(true);
    await Promise.all([container[Symbol.asyncDispose](), container[Symbol.asyncDispose]()]);
    expect(await exists(container.id)).toBe(false);
  });

  it.each([
    ['a command that is not there', configOf('no-such-program'), 'COMMAND_NOT_FOUND'],
    ['a command that is no program', configOf('/fidelity/data/1'), 'COMMAND_NOT_EXECUTABLE'],
    ['a user that is not there', { ...configOf('true'), User: 'nobody-of-this-name' }, 'USER_NOT_FOUND'],
  ])('cannot be started with %s, and is gone with the engine', async (_, config, code) => {
    const own = await connectEngine({ address });
    let id = '';
    const started = own.createContainer({ ...config, Image: image }, ROLE).then(async (container) => {
      id = container.id;
      await container.start();
    });
    await expect(started).rejects.toMatchObject({ code, hint: expect.any(String) });
    await own[Symbol.asyncDispose]();
    expect(id).not.toBe('');
    expect(await exists(id)).toBe(false);
  });

  it('tells whether it runs, and what it uses', async () => {
    await using container = await engine.createContainer(configOf('sleep', 'infinity'), ROLE);
    await container.start();
    expect(await container.state()).toEqual({
      isRunning: true,
      processId: expect.any(Number),
      networkMode: 'none',
      addresses: [],
      ports: [],
    });
    const [before, after] = [await container.processorNanoseconds(), await container.processorNanoseconds()];
    expect(before).toBeGreaterThan(0);
    expect(after).toBeGreaterThanOrEqual(before ?? 0);
    await container.kill('KILL');
    await container.wait();
    expect((await container.state()).isRunning).toBe(false);
  });

  it('tells where its ports are published', async () => {
    const config: ContainerConfig = {
      ...configOf('sleep', 'infinity'),
      ExposedPorts: { '80/tcp': {} },
      HostConfig: { PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] } },
    };
    await using container = await engine.createContainer(config, ROLE);
    await container.start();
    const { addresses, ports } = await container.state();
    expect(addresses).toEqual([expect.stringMatching(/^\d+(\.\d+){3}$/)]);
    expect(ports).toEqual([
      { port: 80, protocol: 'tcp', hostAddress: '127.0.0.1', hostPort: expect.any(Number) },
    ]);
    expect(ports[0]?.hostPort).toBeGreaterThan(0);
  });

  it('is asked to end by its signal, and killed when it does not', async () => {
    const trap = (action: string) =>
      configOf('sh', '-c', `trap '${action}' USR1; while :; do sleep 0.1; done`);
    for (const [action, graceSeconds, exitStatus] of [
      ['exit 4', 10, 4],
      [':', 1, 137],
    ] as const) {
      await using container = await engine.createContainer({ ...trap(action), StopSignal: 'USR1' }, ROLE);
      await container.start();
      // It has set its trap by then.
      await runProgram(container, { command: ['sleep', '0.3'] });
      await container.stop(graceSeconds);
      expect(await container.wait()).toBe(exitStatus);
      await container.stop(graceSeconds);
    }
  });

  it('of an image that is not there is an error', async () => {
    const created = engine.createContainer({ Image: 'keepset/none:none' }, ROLE);
    await expect(created).rejects.toMatchObject({ message: expect.stringContaining('keepset/none') });
  });
});

describe('a program in a running container', () => {
  it('streams its output, and ends with its status', async () => {
    const process = await waiting.exec({ command: ['sh', '-c', 'echo a; echo b >&2; exit 3'] });
    expect(
      text(await Array.fromAsync(process.output))
        .split('\n')
        .sort(),
    ).toEqual(['', 'a', 'b']);
    expect(await process.exitStatus()).toBe(3);
  });

  it('reads all of its input, to the end', async () => {
    const input = Array.from({ length: 40 }, (_, at) => Buffer.alloc(50_000, at));
    const answer = await runProgram(waiting, { command: ['md5sum'], stdin: input });
    const { createHash } = await import('node:crypto');
    expect(answer.toString()).toBe(`${createHash('md5').update(Buffer.concat(input)).digest('hex')}  -\n`);
  });

  it('may leave its input unread', async () => {
    const input = Array.from({ length: 40 }, () => Buffer.alloc(50_000));
    const output = (await runProgram(waiting, { command: ['echo', 'done'], stdin: input })).toString();
    // Podman sometimes ends the connection by what it could not write, before it has sent what it read.
    expect(engine.details.isDocker ? ['done\n'] : ['done\n', '']).toContain(output);
  });

  it('is someone else when asked, with variables', async () => {
    const options = { command: ['sh', '-c', 'id -u; echo $A'], user: 'jo', env: ['A=b c'] };
    expect((await runProgram(waiting, options)).toString()).toBe('1500\nb c\n');
  });

  it('that cannot be started ends, each time, with the complaint of the engine', async () => {
    for (let at = 0; at < 20; at++) {
      const process = await waiting.exec({ command: ['true'], user: 'nobody-of-this-name' }).catch(String);
      const said = typeof process === 'string' ? process : text(await Array.fromAsync(process.output));
      expect(said).toMatch(/nobody-of-this-name/);
    }
  });

  it('that fails is an error with its complaint, after its output', async () => {
    const pieces: Uint8Array[] = [];
    const read = async () => {
      for await (const piece of streamProgram(waiting, {
        command: ['sh', '-c', 'echo some; echo why >&2; exit 4'],
      }))
        pieces.push(piece);
    };
    await expect(read()).rejects.toMatchObject({
      code: 'EXEC_FAILED',
      message: expect.stringMatching(/status 4.*why/),
    });
    expect(Buffer.concat(pieces).toString()).toBe('some\n');
  });
});

describe('files of a container', () => {
  it('come out as they went in', async () => {
    const header = { name: 'put', mode: 0o640, uid: 12, gid: 34, mtime: new Date(981173106000) };
    await waiting.putFiles('/srv', [
      { header: { name: 'folder', type: 'directory', mode: 0o750 } },
      { header, content: Buffer.from('content') },
    ]);
    for await (const { header: found, content } of (await waiting.getFiles('/srv/put')) ?? []) {
      // Podman tells the container's user instead.
      const owner = engine.details.isDocker ? {} : { uid: 0, gid: 0 };
      expect(found).toMatchObject({ ...header, mode: expect.any(Number), ...owner });
      expect((found.mode ?? 0) % 0o1000).toBe(0o640);
      expect(Buffer.concat(await Array.fromAsync(content)).toString()).toBe('content');
    }
    expect(await waiting.statPath('/srv/put')).toEqual({
      isDirectory: false,
      isSymlink: false,
      permissions: 0o640,
      mtime: header.mtime,
    });
    expect(await waiting.statPath('/srv/folder')).toMatchObject({ isDirectory: true, permissions: 0o750 });
    expect(await waiting.changes()).toContainEqual({ path: '/srv/put', kind: 'added' });
  });

  it('that are in a volume have its name before them, as those of a folder have', async () => {
    const config = { ...configOf('true'), Volumes: { '/srv/kept': {} } };
    await using container = await engine.createContainer(config, ROLE);
    await container.putFiles('/srv/kept', [
      { header: { name: 'file' }, content: Buffer.from('content') },
      { header: { name: 'again', type: 'link', linkname: 'file' } },
    ]);
    const found: string[] = [];
    for await (const { header, content } of (await container.getFiles('/srv/kept')) ?? []) {
      const { name, type, linkname } = header;
      found.push([name.replace(/\/$/, ''), ...(type === 'link' ? [linkname] : [])].join(' -> '));
      await Array.fromAsync(content);
    }
    expect(found).toEqual(['kept', 'kept/again', 'kept/file -> kept/again']);
  });

  it('of which nothing changed have no changes', async () => {
    await using container = await engine.createContainer({ Image: image, Cmd: ['true'] }, 'test');
    expect(await container.changes()).toEqual([]);
  });

  it('that are links are not followed', async () => {
    expect(await waiting.statPath('/bin')).toMatchObject({ isSymlink: true });
  });

  it('that are not there are undefined', async () => {
    expect(await waiting.getFiles('/none')).toBeUndefined();
    expect(await waiting.statPath('/none/below')).toBeUndefined();
  });
});

describe('an image', () => {
  it('that is not there is undefined, and its removal nothing', async () => {
    expect(await engine.inspectImage('keepset/none:none')).toBeUndefined();
    await engine.removeImage('keepset/none:none');
  });

  it('has a second name, which can go', async () => {
    const { id } = (await engine.inspectImage(image)) ?? { id: '' };
    await engine.tagImage(id, { repository: `keepset/test-tag-${process.pid}`, tag: 'a' });
    expect((await engine.inspectImage(`keepset/test-tag-${process.pid}:a`))?.id).toBe(id);
    await engine.removeImage(`keepset/test-tag-${process.pid}:a`);
    expect(await engine.inspectImage(`keepset/test-tag-${process.pid}:a`)).toBeUndefined();
    expect(await engine.inspectImage(image)).toBeDefined();
  });

  it.each([
    ['what is no archive', Buffer.alloc(2048, 'x')],
    ['an archive of nothing', Buffer.alloc(1024)],
  ])('cannot be loaded from %s', async (_, bytes) => {
    async function* archive() {
      yield bytes;
    }
    await expect(engine.loadImage(archive())).rejects.toMatchObject({ name: 'EngineError' });
  });

  it('is made of a layer alone, named by its diff id, and nothing is left of a layer that breaks off', async () => {
    const tar = await packArchive([{ header: { name: 'note' }, content: Buffer.from('a note\n') }]);
    const id = await engine.importLayer(Readable.from([tar]));
    const image = await engine.inspectImage(id);
    await engine.removeImage(id);
    expect(image?.tags).toEqual([]);
    expect(image?.diffIds).toEqual([`sha256:${createHash('sha256').update(tar).digest('hex')}`]);
    async function* breakingOff() {
      yield tar.subarray(0, 700);
      throw new Error('the reader was stopped');
    }
    await expect(engine.importLayer(breakingOff())).rejects.toThrow('the reader was stopped');
  });

  it('that a container uses stays, as another session may have made the same', async () => {
    const tar = await packArchive([{ header: { name: 'own' }, content: Buffer.from(ROLE) }]);
    const id = await engine.importLayer(Readable.from([tar]));
    const user = await engine.createContainer({ ...configOf('/own'), Image: id }, ROLE);
    await engine.removeImage(id);
    expect((await engine.inspectImage(id))?.id).toBe(id);
    await user[Symbol.asyncDispose]();
    await engine.removeImage(id);
    expect(await engine.inspectImage(id)).toBeUndefined();
  });

  it('that cannot be built is an error of the stream, in the words of the engine', async () => {
    const content = Buffer.from(`FROM ${image}\nCOPY none /\n`);
    const built = engine.buildImage([{ header: { name: 'Dockerfile' }, content }], {
      tag: 'keepset/test-none:none',
    });
    await expect(built).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
      message: expect.stringMatching(/COPY (failed|none)/),
    });
  });

  it('that cannot be pulled is not found, with a hint', async () => {
    const pulled = engine.pullImage('localhost:1/keepset/none:none');
    await expect(pulled).rejects.toMatchObject({ code: 'IMAGE_NOT_FOUND', hint: expect.any(String) });
  });
});

describe('a volume', () => {
  it('is made once, keeps what is put there, and goes', async () => {
    const name = `keepset-test-volume-${process.pid}`;
    const config = { ...configOf('sleep', 'infinity') };
    const HostConfig = { NetworkMode: 'none', Mounts: [{ Type: 'volume', Source: name, Target: '/kept' }] };
    await engine.ensureVolume(name);
    const first = await engine.createContainer({ ...config, HostConfig }, ROLE);
    await first.putFiles('/kept', [{ header: { name: 'file' } }]);
    await first[Symbol.asyncDispose]();
    await engine.ensureVolume(name);
    const second = await engine.createContainer({ ...config, HostConfig }, ROLE);
    expect(await second.statPath('/kept/file')).toBeDefined();
    await second[Symbol.asyncDispose]();
    await engine.removeVolume(name);
    await engine.removeVolume(name);
    expect((await docker.listVolumes({ filters: { name: [name] } })).Volumes).toEqual([]);
  });
});

describe('an interrupted session', () => {
  it('rejects what is under way, and leaves no container', async () => {
    const controller = new AbortController();
    const own = await connectEngine({ address, signal: controller.signal });
    const container = await own.createContainer(configOf('sleep', 'infinity'), ROLE);
    const { output } = await container.attach({ stdin: false, tty: false });
    await container.start();
    const under = [container.wait(), Array.fromAsync(output)];
    setImmediate(() => controller.abort());
    for (const one of await Promise.allSettled(under))
      expect(one).toMatchObject({ status: 'rejected', reason: { code: 'INTERRUPTED' } });
    await expect(own.inspectImage(image)).rejects.toMatchObject({ code: 'INTERRUPTED' });
    await expect(own.createContainer(configOf('true'), ROLE)).rejects.toMatchObject({ code: 'INTERRUPTED' });
    await own[Symbol.asyncDispose]();
    expect(await exists(container.id)).toBe(false);
  });

  it.each([0, 5, 20, 60, 150])(
    'leaves nothing when it ends %i ms after a container was asked for',
    async (milliseconds) => {
      const role = `${ROLE}-${milliseconds}`;
      const controller = new AbortController();
      const own = await connectEngine({ address, signal: controller.signal });
      const made = own
        .createContainer(configOf('sleep', 'infinity'), role)
        .then((container) => container.start());
      setTimeout(() => controller.abort(), milliseconds);
      await made.catch((error) => expect(error).toMatchObject({ code: 'INTERRUPTED' }));
      controller.abort();
      await own[Symbol.asyncDispose]();
      const filters = { label: [`org.keepset.role=${role}`] };
      expect(await docker.listContainers({ all: true, filters })).toEqual([]);
    },
  );
});

it('a container gets another weight while it runs, of Docker', async () => {
  const changed = waiting.setCpuShares(512);
  if (!engine.details.isDocker) return await expect(changed).rejects.toMatchObject({ code: 'ENGINE_FAILED' });
  await changed;
  expect((await docker.getContainer(waiting.id).inspect()).HostConfig.CpuShares).toBe(512);
});

describe('prune', () => {
  /** Never disposed of, as after SIGKILL. */
  const leave = async (role: string, owner?: string) => {
    const lost = await connectEngine({ address, ...(owner !== undefined && { owner }) });
    const container = await lost.createContainer(configOf('sleep', 'infinity'), role);
    await container.start();
    return container;
  };

  it('removes what a killed session left, and says before what it would be', async () => {
    const role = `${ROLE}-left`;
    const container = await leave(role);
    const name = `container ${container.id.slice(0, 12)}`;
    expect(await engine.prune({ role, dryRun: true })).toEqual([name]);
    expect(await exists(container.id)).toBe(true);
    expect(await engine.prune({ role })).toEqual([name]);
    expect(await exists(container.id)).toBe(false);
    expect(await exists(waiting.id)).toBe(true);
  });

  it('leaves a session alone that goes on', async () => {
    const role = `${ROLE}-going-on`;
    const [going, gone] = [await leave(role, 'going'), await leave(role, 'gone')];
    const asked: unknown[] = [];
    const isGone = (owner: string, ageMs: number) => {
      asked.push(owner, ageMs < 3600 * 1000);
      return owner === 'gone';
    };
    expect(await engine.prune({ role, isGone })).toEqual([`container ${gone.id.slice(0, 12)}`]);
    expect(asked.toSorted()).toEqual(['going', 'gone', true, true]);
    expect(await exists(going.id)).toBe(true);
    await engine.prune({ role });
  });

  it.each([
    ['a role', 'org.keepset.role=ROLE'],
    [
      'a role and a session',
      'org.keepset.role=ROLE org.keepset.session=0b8d1f8e-1111-4111-8111-111111111111',
    ],
    ['a role and no session', 'org.keepset.role=ROLE org.keepset.session=x'],
  ])('leaves containers alone whose image has %s', async (_what, labels) => {
    const role = `${ROLE}-label`;
    const tag = `keepset/test-label:${process.pid}`;
    const content = Buffer.from(`FROM ${image}\nLABEL ${labels.replace('ROLE', role)}\nVOLUME /data\n`);
    const id = await engine.buildImage([{ header: { name: 'Dockerfile' }, content }], { tag });
    const theirs = await docker.createContainer({ Image: tag, Cmd: ['sleep', 'infinity'] });
    await theirs.start();
    try {
      expect(await engine.prune({ role })).toEqual([]);
      expect(await engine.prune({ role, images: [id] })).toEqual([]);
      expect((await theirs.inspect()).State.Running).toBe(true);
    } finally {
      await theirs.remove({ force: true, v: true });
      await engine.removeImage(tag);
    }
  });

  it('removes of images those without a name that the caller knows, and no others', async () => {
    const role = `${ROLE}-images`;
    const make = (text: string) =>
      engine.buildImage([
        {
          header: { name: 'Dockerfile' },
          content: Buffer.from(`FROM scratch\nLABEL text=${text} org.keepset.role=layer\n`),
        },
      ]);
    const [known, named, theirs] = [await make('known'), await make('named'), await make('theirs')];
    await engine.tagImage(named, { repository: 'keepset/test-named', tag: String(process.pid) });
    expect(await engine.prune({ role, images: [known, named, known, `sha256:${'0'.repeat(64)}`] })).toEqual([
      `image ${known.slice(7, 19)}`,
    ]);
    expect(await engine.inspectImage(theirs)).toBeDefined();
    expect(await engine.inspectImage(named)).toBeDefined();
    await engine.removeImage(theirs);
    await engine.removeImage(named);
  });
});
