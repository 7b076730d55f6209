import {
  type Container,
  type Engine,
  type ImageDetails,
  runProgram,
  streamProgram,
} from '@keepset/docker-engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectTestEngine, ensureImage } from '../../../../test-fixtures/images.ts';
import { provideToolbox, type Toolbox } from '../provide/provide-toolbox.js';
import { TOOLBOX_FOLDER, toolCommand } from '../toolbox-layout.js';
import { type ImageReader, openImageReader } from './image-reader.js';
import { lookAhead } from './look-ahead.js';

let engine: Engine;
let toolbox: Toolbox;
let metadata: ImageDetails;
/** Of the image with every kind of metadata, whose ENV, USER and VOLUME are in the way on purpose. */
let reader: ImageReader;

async function imageOf(reference: string): Promise<ImageDetails> {
  const image = await engine.inspectImage(reference);
  if (image === undefined) throw new Error(`${reference} was not built`);
  return image;
}

/** What an archive holds, by its own names. */
async function gather(archive: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(archive));
}

/** What is below the folders, by a program that knows nothing of tar or find. */
async function describeTree(container: ImageReader['container'], ...folders: string[]): Promise<string[]> {
  const text = await runProgram(container, { command: ['/fidelity/describe', ...folders], user: '0' });
  return text.toString('latin1').split('\n').filter(Boolean);
}

/** All paths below a folder, as byte strings. */
async function pathsBelow(folder: string): Promise<string[]> {
  const command = toolCommand('find', [folder, '-print0']);
  const text = (await runProgram(reader.container, { command })).toString('latin1');
  return text.split('\0').filter(Boolean);
}

beforeAll(async () => {
  engine = await connectTestEngine();
  metadata = await imageOf(await ensureImage(engine, 'metadata'));
  toolbox = await provideToolbox(engine, metadata.id, metadata.architecture);
  reader = await openImageReader(engine, metadata, toolbox);
});
afterAll(async () => await engine?.[Symbol.asyncDispose]());

it('tells the programs that have capabilities of their own', async () => {
  const programs = ['/fidelity/rights', '/fidelity/capable-rights', '/fidelity/setuid-rights'];
  expect(await reader.readCapable(programs)).toEqual(['/fidelity/capable-rights']);
  expect(await reader.readCapable([])).toEqual([]);
});

describe('links', () => {
  it('are told from folders, other files and nothing, in the order of the question', async () => {
    const paths = [
      '/metadata/absolute',
      '/metadata',
      '/nothing/here',
      '/metadata/fifo',
      '/metadata/dangling',
    ];
    expect(await reader.readLinks(paths)).toEqual([
      { kind: 'link', target: '/etc/passwd' },
      { kind: 'directory' },
      { kind: 'missing' },
      { kind: 'other' },
      { kind: 'link', target: 'nowhere' },
    ]);
  });

  it('keep every byte of a name and of a target', async () => {
    const paths = [
      '/metadata/link\xff',
      '/metadata/bytes\xff\xfe',
      '/metadata/new\nline',
      '/metadata/a blank',
      '/metadata/-dash',
    ];
    expect(await reader.readLinks(paths)).toEqual([
      { kind: 'link', target: 'to\xff\nline' },
      ...new Array(4).fill({ kind: 'other' }),
    ]);
  });

  it.each([
    ['the empty path', ''],
    ['a path with a NUL', '/etc\0/passwd'],
    ['a name longer than any', `/${'x'.repeat(256)}`],
    ['a path longer than any', '/metadata'.repeat(1000)],
    ['a path through a file', '/etc/passwd/below'],
    ['the toolbox', `${TOOLBOX_FOLDER}/bin/tar`],
    ['what the engine puts in place', '/proc/self/exe'],
    ["the engine's mark", '/.dockerenv'],
  ])('are missing at %s', async (_, path) => {
    expect(await reader.readLinks(['/etc', path, '/etc'])).toEqual([
      { kind: 'directory' },
      { kind: 'missing' },
      { kind: 'directory' },
    ]);
  });

  it('are answered by the thousand, in one call', async () => {
    const paths = Array.from({ length: 6000 }, (_, at) => `/metadata/many/file-${at + 1}`);
    const answers = await reader.readLinks(paths);
    expect(answers.map(({ kind }) => kind)).toEqual(paths.map((_, at) => (at < 2000 ? 'other' : 'missing')));
  });

  it('are not asked for when there is no path', async () => {
    expect(await reader.readLinks([])).toEqual([]);
  });
});

describe('the listing', () => {
  const list = async () =>
    (await gather(reader.readListing('%y %m %U:%G %n %s %l %p\\0')))
      .toString('latin1')
      .split('\0')
      .filter(Boolean);

  it('gives each entry once, volumes included, with the fields that were asked for', async () => {
    const lines = await list();
    expect(new Set(lines).size).toBe(lines.length);
    expect(lines).toContain('f 4755 0:0 1 5  /metadata/mode-4755');
    expect(lines).toContain('l 777 1234:4321 1 3 old /metadata/link');
    expect(lines).toContain('f 644 0:0 1 0  /metadata/bytes\xff\xfe');
    expect(lines).toContain('f 644 12:34 1 7  /volume/file'.replace('12:34', '0:0'));
    expect(lines.filter((line) => line.endsWith(' /volume'))).toHaveLength(1);
    expect(lines.filter((line) => line.endsWith(' /'))).toHaveLength(1);
  });

  it('leaves out what the engine and keepset put into a container', async () => {
    const paths = (await list()).map((line) => line.split(' ').at(-1) ?? '');
    for (const covered of [...reader.coveredPaths, '/proc/1', `${TOOLBOX_FOLDER}/bin`])
      expect(paths).not.toContain(covered);
  });
});

describe('a look ahead', () => {
  const walk = ['/', '-ignore_readdir_race', '(', '-path', '/proc', ')', '-prune', '-o'];

  it('finds every folder again, whatever bytes are in its name', async () => {
    // A folder that is not there under the name that was read is an error.
    await expect(lookAhead(reader.container, walk, () => false)).resolves.toBeUndefined();
  });

  it('is over when the listing is', async () => {
    let asked = 0;
    await lookAhead(reader.container, walk, () => ++asked > 2);
    expect(asked).toBe(3);
  });
});

describe('the first bytes of files', () => {
  it('come file by file, also of empty and short ones', async () => {
    const files = [
      { path: '/metadata/zero-bytes', sizeBytes: 0 },
      { path: '/fidelity/rights', sizeBytes: 20_000 },
      { path: '/metadata/folder\xff/in', sizeBytes: 3 },
      { path: '/metadata/mode-0000', sizeBytes: 5 },
    ];
    const heads = await reader.readHeads(files, 4);
    expect(heads.map((head) => Buffer.from(head).toString('latin1'))).toEqual([
      '',
      '\x7fELF',
      'in\n',
      '0000',
    ]);
  });

  it('are an error when a file is not as long as it was said to be', async () => {
    const asked = reader.readHeads([{ path: '/metadata/owned', sizeBytes: 100 }], 256);
    await expect(asked).rejects.toMatchObject({ code: 'TOOLBOX_BAD_ANSWER' });
  });

  it('are an error when a file does not exist', async () => {
    const asked = reader.readHeads([{ path: '/metadata/none', sizeBytes: 100 }], 256);
    await expect(asked).rejects.toMatchObject({
      code: 'EXEC_FAILED',
      message: expect.stringContaining('none'),
    });
  });

  it('are nothing for no files', async () => {
    expect(await reader.readHeads([], 256)).toEqual([]);
  });
});

describe('the archive', () => {
  /** Unpack into a folder of the reader's own container. */
  async function unpack(archive: Uint8Array, folder: string): Promise<void> {
    await runProgram(reader.container, { command: ['/bin/mkdir', '-p', folder], user: '0' });
    const command = toolCommand('tar', [
      '-x',
      '--xattrs',
      '--xattrs-include=*',
      '-p',
      '--numeric-owner',
      '-C',
      folder,
    ]);
    await runProgram(reader.container, { command, user: '0', stdin: [archive] });
  }

  it('holds every kind of metadata as it was', async () => {
    await runProgram(reader.container, {
      command: ['/bin/sh', '/fidelity/make-metadata', '/live'],
      user: '0',
    });
    const paths = (await pathsBelow('/live')).sort();
    await unpack(await gather(reader.readArchive(paths)), '/unpacked');

    const before = await describeTree(reader.container, '/live');
    const after = await describeTree(reader.container, '/unpacked/live');
    expect(after.map((line) => line.replaceAll('/unpacked/', '/'))).toEqual(before);
    for (const sign of [
      'security.capability=',
      'user.note=00ff0a3d',
      'posix_acl_access=',
      ' holes',
      'same-as=',
      '.123456789',
    ])
      expect(before.join('\n')).toContain(sign);
  });

  it('is of what the container shows; what the engine covers there is told apart', async () => {
    const mtimeSeconds = expect.any(Number);
    expect([...reader.ownFolders]).toEqual([
      ['/dev', { mode: 0o755, mtimeSeconds: undefined }],
      ['/proc', { mode: 0o755, mtimeSeconds }],
      ['/sys', { mode: 0o755, mtimeSeconds }],
    ]);
    const attributes = await reader.readAttributes(['/metadata/owned', '/none', '/metadata/old']);
    expect([...attributes.keys()]).toEqual(['/metadata/owned', '/metadata/old']);
    expect(attributes.get('/metadata/owned')).toMatchObject({ kind: 'f', uid: 1234, gid: 4321 });
  });

  it('has a folder without what is in it', async () => {
    const archive = await gather(reader.readArchive(['/metadata/many']));
    expect(archive.includes('file-1')).toBe(false);
  });

  it('is an error when a path does not exist, which it names', async () => {
    await expect(gather(reader.readArchive(['/etc/passwd', '/none/of-these']))).rejects.toMatchObject({
      code: 'EXEC_FAILED',
      message: expect.stringContaining('none/of-these'),
    });
  });
});

describe('images with little or nothing in them', () => {
  it('a FROM scratch image with one static program is read without a program of its own', async () => {
    const image = await imageOf(await ensureImage(engine, 'static'));
    await using own = await openImageReader(engine, image, toolbox);
    expect(await own.readLinks(['/bin/show', '/bin', '/etc/passwd', '/lib'])).toEqual([
      { kind: 'other' },
      { kind: 'directory' },
      { kind: 'missing' },
      { kind: 'missing' },
    ]);
    const listing = (await gather(own.readListing('%p\\n'))).toString().trim().split('\n').sort();
    // The folder that the engine makes for its files is in every container.
    expect(listing).toEqual(['/', '/bin', '/bin/show', '/data', '/etc']);
    const [head] = await own.readHeads([{ path: '/data', sizeBytes: 15 }], 256);
    expect(Buffer.from(head ?? []).toString()).toBe('a line of data\n');
    expect((await gather(own.readArchive(['/bin', '/bin/show', '/data']))).includes('a line of data')).toBe(
      true,
    );
  });

  it('an image whose USER has no shell is read as root', async () => {
    const tag = 'keepset/test-no-shell:reader';
    const dockerfile = `FROM ${await ensureImage(engine, 'fidelity')}\nRUN useradd --shell /nonexistent none && chmod 0700 /fidelity/data\nUSER none\n`;
    await engine.buildImage([{ header: { name: 'Dockerfile' }, content: Buffer.from(dockerfile) }], { tag });
    const own = await openImageReader(engine, await imageOf(tag), toolbox);
    const answer = await own.readLinks(['/fidelity/data/1']);
    await own[Symbol.asyncDispose]();
    await engine.removeImage(tag);
    expect(answer).toEqual([{ kind: 'other' }]);
  });

  it('leaves no container when it cannot be opened', async () => {
    const made: Container[] = [];
    const watched: Engine = {
      ...engine,
      async createContainer(config, role) {
        const container = await engine.createContainer(config, role);
        made.push(container);
        return container;
      },
    };
    const broken: Toolbox = { ...toolbox, mount: { ...toolbox.mount, Target: '/elsewhere' } };
    await expect(openImageReader(watched, metadata, broken)).rejects.toMatchObject({
      code: 'COMMAND_NOT_FOUND',
    });
    expect(made).toHaveLength(1);
    // A container that is there has a root folder.
    expect(await made[0]?.statPath('/')).toBeUndefined();
  });
});

it('streams programs of the toolbox in an image with another loader in its ENV', async () => {
  const version = streamProgram(reader.container, { command: toolCommand('tar', ['--version']) });
  expect((await gather(version)).toString()).toContain('GNU tar');
});
