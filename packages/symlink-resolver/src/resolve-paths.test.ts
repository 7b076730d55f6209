import { describe, expect, it } from 'vitest';
import { ResolveError, type ResolveRequest, resolvePath, resolvePaths } from './index.js';
import { linksOf, type TestTree } from './links-of.test-helper.js';

const DIRECTORY = null;
const FILE = undefined;

/** Path → target of a link, DIRECTORY or FILE. */
const tree: TestTree = {
  '/bin': 'usr/bin',
  '/usr': DIRECTORY,
  '/usr/bin': DIRECTORY,
  '/usr/bin/sh': 'dash',
  '/usr/bin/dash': FILE,
  '/usr/bin/awk': '/etc/alternatives/awk',
  '/usr/bin/mawk': FILE,
  '/etc': DIRECTORY,
  '/etc/alternatives': DIRECTORY,
  '/etc/alternatives/awk': '/usr/bin/mawk',
  '/etc/passwd': FILE,
  '/etc/to-passwd-as-directory': 'passwd/',
  '/etc/to-bin-as-directory': '../bin//',
  '/a': DIRECTORY,
  '/a/deep': '/usr/bin/../bin',
  '/a/loop': 'loop',
  '/a/ping': 'pong',
  '/a/pong': 'ping',
  '/a/dangling': '../data/none',
  '/a/dangling-far': '/data/none/at/all',
  '/a/caf\xc3\xa9 \n\xff': DIRECTORY,
  '/a/caf\xc3\xa9 \n\xff/x': '../../etc/passwd',
  '/data': DIRECTORY,
  '/jail': DIRECTORY,
  '/jail/etc': DIRECTORY,
  '/jail/etc/passwd': FILE,
  '/jail/up': '../../etc/passwd',
  '/jail/abs': '/etc/passwd',
  '/jail-link': '/jail',
};

const links = linksOf(tree);

describe('resolvePath', () => {
  it.each<[law: string, path: string, end: string, crossed: string[]]>([
    ['the root is itself', '/', '/', ['/']],
    ['many slashes are one', '///usr//bin', '/usr/bin', ['/', '/usr', '/usr/bin']],
    ['a dot stays', '/./usr/./bin/.', '/usr/bin', ['/', '/usr', '/usr/bin']],
    ['above the root is the root', '/../../etc', '/etc', ['/', '/etc']],
    [
      'a relative link starts where it lies',
      '/bin/sh',
      '/usr/bin/dash',
      ['/', '/bin', '/usr', '/usr/bin', '/usr/bin/sh', '/usr/bin/dash'],
    ],
    [
      'an absolute link starts at the root',
      '/usr/bin/awk',
      '/usr/bin/mawk',
      [
        '/',
        '/usr',
        '/usr/bin',
        '/usr/bin/awk',
        '/etc',
        '/etc/alternatives',
        '/etc/alternatives/awk',
        '/usr/bin/mawk',
      ],
    ],
    [
      '`..` after a link goes up from where the link leads',
      '/a/deep/..',
      '/usr',
      ['/', '/a', '/a/deep', '/usr/bin', '/usr'],
    ],
    [
      'what `..` leaves was crossed all the same',
      '/a/../etc/passwd',
      '/etc/passwd',
      ['/', '/a', '/etc', '/etc/passwd'],
    ],
    ['a slash after a directory is allowed', '/etc/', '/etc', ['/', '/etc']],
    [
      "a slash at the end of a link's target is allowed before a directory",
      '/etc/to-bin-as-directory',
      '/usr/bin',
      ['/', '/etc', '/etc/to-bin-as-directory', '/bin', '/usr', '/usr/bin'],
    ],
    [
      'names are bytes',
      '/a/caf\xc3\xa9 \n\xff/x',
      '/etc/passwd',
      ['/', '/a', '/a/caf\xc3\xa9 \n\xff', '/a/caf\xc3\xa9 \n\xff/x', '/etc', '/etc/passwd'],
    ],
  ])('%s', async (_law, path, end, crossed) => {
    expect(await resolvePath({ path }, links)).toEqual({ path: end, crossed });
  });

  it.each<[law: string, request: ResolveRequest, answer: object]>([
    [
      'a link in the last place is itself when it is not to be followed',
      { path: '/usr/bin/sh', follow: false },
      { path: '/usr/bin/sh', crossed: ['/', '/usr', '/usr/bin', '/usr/bin/sh'] },
    ],
    [
      'links before the last place are followed even then',
      { path: '/bin/sh', follow: false },
      { path: '/usr/bin/sh', crossed: ['/', '/bin', '/usr', '/usr/bin', '/usr/bin/sh'] },
    ],
    [
      'a slash after a link follows it even then',
      { path: '/bin/', follow: false },
      { path: '/usr/bin', crossed: ['/', '/bin', '/usr', '/usr/bin'] },
    ],
    ['an empty path names nothing', { path: '' }, { path: '/', crossed: ['/'], failure: 'ENOENT' }],
    ['no name holds a NUL', { path: '/etc\0' }, { path: '/', crossed: ['/'], failure: 'ENOENT' }],
    [
      'what is missing is named',
      { path: '/usr/none/x' },
      { path: '/usr', crossed: ['/', '/usr'], failure: 'ENOENT', missing: '/usr/none' },
    ],
    [
      '`..` does not undo what is missing',
      { path: '/none/../etc' },
      { path: '/', crossed: ['/'], failure: 'ENOENT', missing: '/none' },
    ],
    [
      'a dangling link is crossed, and what it lacks is named',
      { path: '/a/dangling' },
      {
        path: '/data',
        crossed: ['/', '/a', '/a/dangling', '/data'],
        failure: 'ENOENT',
        missing: '/data/none',
      },
    ],
    [
      'a dangling link through missing directories lacks the first of them',
      { path: '/a/dangling-far' },
      {
        path: '/data',
        crossed: ['/', '/a', '/a/dangling-far', '/data'],
        failure: 'ENOENT',
        missing: '/data/none',
      },
    ],
    [
      'nothing is below a file',
      { path: '/etc/passwd/x' },
      { path: '/etc/passwd', crossed: ['/', '/etc', '/etc/passwd'], failure: 'ENOTDIR' },
    ],
    [
      '`..` of a file is not its directory',
      { path: '/etc/passwd/..' },
      { path: '/etc/passwd', crossed: ['/', '/etc', '/etc/passwd'], failure: 'ENOTDIR' },
    ],
    [
      'a slash after a file demands a directory',
      { path: '/etc/passwd/' },
      { path: '/etc/passwd', crossed: ['/', '/etc', '/etc/passwd'], failure: 'ENOTDIR' },
    ],
    [
      "so does one at the end of a link's target",
      { path: '/etc/to-passwd-as-directory' },
      {
        path: '/etc/passwd',
        crossed: ['/', '/etc', '/etc/to-passwd-as-directory', '/etc/passwd'],
        failure: 'ENOTDIR',
      },
    ],
    [
      'a link to itself is a loop',
      { path: '/a/loop' },
      { path: '/a/loop', crossed: ['/', '/a', '/a/loop'], failure: 'ELOOP' },
    ],
    [
      'a loop of two keeps both',
      { path: '/a/ping' },
      { path: '/a/ping', crossed: ['/', '/a', '/a/pong', '/a/ping'], failure: 'ELOOP' },
    ],
    [
      'a name of 256 bytes is too long',
      { path: `/etc/${'n'.repeat(256)}/x` },
      { path: '/etc', crossed: ['/', '/etc'], failure: 'ENAMETOOLONG' },
    ],
    [
      'a name of 255 bytes is not',
      { path: `/etc/${'n'.repeat(255)}` },
      { path: '/etc', crossed: ['/', '/etc'], failure: 'ENOENT', missing: `/etc/${'n'.repeat(255)}` },
    ],
    [
      'in another root, `/` is that root',
      { path: '/etc/passwd', root: '/jail' },
      { path: '/jail/etc/passwd', crossed: ['/', '/jail', '/jail/etc', '/jail/etc/passwd'] },
    ],
    [
      'in another root, an absolute link stays inside',
      { path: '/abs', root: '/jail' },
      { path: '/jail/etc/passwd', crossed: ['/', '/jail', '/jail/abs', '/jail/etc', '/jail/etc/passwd'] },
    ],
    [
      'in another root, `..` stays inside',
      { path: '/up', root: '/jail' },
      { path: '/jail/etc/passwd', crossed: ['/', '/jail', '/jail/up', '/jail/etc', '/jail/etc/passwd'] },
    ],
    [
      'the way to another root is crossed',
      { path: '/', root: '/jail-link' },
      { path: '/jail', crossed: ['/', '/jail-link', '/jail'] },
    ],
    [
      'a root that is not there is a failure',
      { path: '/etc', root: '/none' },
      { path: '/', crossed: ['/'], failure: 'ENOENT', missing: '/none' },
    ],
    [
      'a root that is a file is a failure',
      { path: '/etc', root: '/etc/passwd' },
      { path: '/etc/passwd', crossed: ['/', '/etc', '/etc/passwd'], failure: 'ENOTDIR' },
    ],
  ])('%s', async (_law, request, answer) => {
    expect(await resolvePath(request, links)).toEqual(answer);
  });

  it.each([
    [40, undefined],
    [41, 'ELOOP'],
  ])('a chain of %i links ends with %s', async (length, failure) => {
    const chain: TestTree = { '/0': FILE };
    for (let index = 1; index <= length; index++) chain[`/${index}`] = `${index - 1}`;
    expect((await resolvePath({ path: `/${length}` }, linksOf(chain))).failure).toBe(failure);
  });
});

describe('resolvePaths', () => {
  it('answers in the order asked', async () => {
    const answers = await resolvePaths([{ path: '/bin/sh' }, { path: '/none' }, { path: '/etc' }], links);
    expect(answers.map((answer) => answer.path)).toEqual(['/usr/bin/dash', '/', '/etc']);
  });

  it('asks nothing for nothing', async () => {
    const reader = linksOf(tree);
    expect(await resolvePaths([], reader)).toEqual([]);
    expect(reader.rounds).toEqual([]);
  });

  it('asks for all prefixes of all paths in one round, and for each once', async () => {
    const reader = linksOf(tree);
    await resolvePaths([{ path: '/usr/bin/dash' }, { path: '/usr/bin/mawk' }, { path: '/a/../etc' }], reader);
    expect(reader.rounds).toEqual([['/usr', '/usr/bin', '/usr/bin/dash', '/usr/bin/mawk', '/a', '/etc']]);
  });

  it('needs one more round than there are links one behind the other', async () => {
    const reader = linksOf(tree);
    await resolvePaths([{ path: '/bin/awk' }, { path: '/bin/sh' }, { path: '/a/deep' }], reader);
    expect(reader.rounds).toHaveLength(4);
  });

  it('does not take the answer of a path below a link for that of a place', async () => {
    // The kernel follows /bin when it is asked for /bin/sh; the true place is /usr/bin/sh.
    const kernelLike = linksOf({ ...tree, '/bin/sh': 'wrong' });
    expect((await resolvePath({ path: '/bin/sh' }, kernelLike)).path).toBe('/usr/bin/dash');
  });

  it('refuses a relative path, for it cannot know the working directory', async () => {
    await expect(resolvePaths([{ path: 'etc' }], links)).rejects.toMatchObject({
      code: 'RESOLVE_NOT_ABSOLUTE',
    });
    await expect(resolvePaths([{ path: '/', root: 'etc' }], links)).rejects.toThrow(ResolveError);
  });

  it('refuses a reader that loses answers', async () => {
    const broken = { readLinks: async () => [] };
    await expect(resolvePaths([{ path: '/etc' }], broken)).rejects.toMatchObject({
      code: 'RESOLVE_BAD_READER',
    });
  });
});
