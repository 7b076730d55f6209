import { describe, expect, it } from 'vitest';
import { ownFilesUnused } from './own-files-unused.js';
import { signFacts, treeOf } from './sign-facts.test-helper.js';

const SHOP = ['/srv/app.py', '/srv/templates/index.html', '/srv/static/site.css', '/srv/static/app.js'];

function messageOf(
  files: readonly string[],
  kept: readonly string[],
  more: { readonly workdir?: string; readonly owned?: RegExp } = {},
): string | undefined {
  const { workdir, owned = /^\/usr\/lib/ } = more;
  return ownFilesUnused(
    signFacts({
      tree: treeOf(files),
      kept,
      isOwned: (path) => owned.test(path),
      ...(workdir !== undefined && { config: { WorkingDir: workdir } }),
    }),
  )?.message;
}

describe('files of the image itself that were never used, beside used ones, are named', () => {
  it.each<[string, readonly string[], readonly string[], string]>([
    [
      'in a folder of the top',
      SHOP,
      SHOP.slice(0, 2),
      '2 of the 4 files in /srv were never used: static/app.js, static/site.css',
    ],
    [
      'in the pages of a server',
      ['/usr/share/nginx/html/index.html', '/usr/share/nginx/html/a.css', '/usr/share/nginx/html/b.js'],
      ['/usr/share/nginx/html/index.html'],
      '2 of the 3 files in /usr/share/nginx/html were never used: a.css, b.js',
    ],
    [
      'the first few of many',
      ['/app/a', '/app/b', '/app/c', '/app/d', '/app/used'],
      ['/app/used (execute)'],
      '4 of the 5 files in /app were never used: a, b, c, …',
    ],
    [
      'directly in the root',
      ['/run.sh', '/a.sh', '/b.sh', '/srv/else'],
      ['/run.sh'],
      '2 of the 3 files in / were never used: a.sh, b.sh',
    ],
    [
      'below the deepest folder that holds what was used',
      ['/opt/shop/web/main', '/opt/shop/web/x', '/opt/shop/web/y', '/opt/shop/old/1', '/opt/shop/old/2'],
      ['/opt/shop/web/main'],
      '2 of the 3 files in /opt/shop/web were never used: x, y',
    ],
    [
      'in several places, the most first',
      ['/srv/used', '/srv/a', '/srv/b', '/app/used', '/app/a', '/app/b', '/app/c'],
      ['/srv/used', '/app/used'],
      '3 of the 4 files in /app were never used: a, b, c; 2 of the 3 files in /srv were never used: a, b',
    ],
    [
      'also where their kind is compiled, if one of it is run as it is',
      ['/app/main.ts', '/app/a.ts', '/app/b.ts'],
      ['/app/main.ts'],
      '2 of the 3 files in /app were never used: a.ts, b.ts',
    ],
    [
      'with bytes that are no text',
      ['/srv/u', '/srv/\xff', '/srv/b'],
      ['/srv/u'],
      '2 of the 3 files in /srv were never used: b, \\377',
    ],
  ])('%s', (_where, files, kept, message) => {
    expect(messageOf(files, kept)).toBe(message);
  });

  it('in WORKDIR, wherever it is', () => {
    const files = ['/usr/local/shop/app.py', '/usr/local/shop/a', '/usr/local/shop/b'];
    expect(messageOf(files, files.slice(0, 1), { workdir: '/usr/local/shop/' })).toMatch(/^2 of the 3 files/);
  });
});

describe('nothing is said of files', () => {
  const beside = (...names: string[]) => ['/srv/app.py', ...names.map((name) => `/srv/${name}`)];
  it.each<[string, readonly string[], readonly string[]]>([
    ['that were all used', SHOP, SHOP],
    ['of which one is left: it may be another program', SHOP, SHOP.slice(0, 3)],
    ['that stay by a pattern', SHOP, [...SHOP.slice(0, 3), '/srv/static/app.js (rule)']],
    ['beside which nothing was used', [...SHOP, '/app/main'], ['/app/main']],
    ['of packages', ['/usr/lib/x/html/a', '/usr/lib/x/html/b', '/usr/lib/x/html/c'], ['/usr/lib/x/html/a']],
    ['of the system', ['/etc/a', '/etc/b', '/etc/c', '/var/cache/a'], ['/etc/a']],
    [
      'of software in /usr/local',
      ['/usr/local/lib/py/a.py', '/usr/local/lib/py/b.py', '/usr/local/lib/py/c.py'],
      ['/usr/local/lib/py/a.py'],
    ],
    ['that are hidden', beside('.git/a', '.git/b', '.bashrc'), ['/srv/app.py']],
    [
      'that others wrote',
      beside('node_modules/x/a.js', 'node_modules/x/b.js', 'vendor/x/y'),
      ['/srv/app.py'],
    ],
    ['that are compiled', beside('__pycache__/app.pyc', 'a.pyc', 'b.pyo'), ['/srv/app.py']],
    [
      'for people',
      beside('README.md', 'LICENSE', 'CHANGELOG', 'docs/a.html', 'docs/b.html'),
      ['/srv/app.py'],
    ],
    [
      'that build it',
      beside('Dockerfile', 'Makefile', 'requirements.txt', 'package-lock.json', 'setup.py'),
      ['/srv/app.py'],
    ],
    [
      'that test it',
      beside('tests/a.py', 'tests/b.py', 'test_app.py', 'app.test.js', 'conftest.py'),
      ['/srv/app.py'],
    ],
    ['that debug it', beside('app.js.map', 'site.css.map', 'index.d.ts'), ['/srv/app.py']],
    ['that are kept for a while', beside('cache/a', 'cache/b', 'app.log', 'a~'), ['/srv/app.py']],
    [
      'in a language that is compiled, of which none is run',
      beside('main.go', 'a.c', 'b.scss'),
      ['/srv/app.py'],
    ],
    [
      'that another sign tells of',
      beside('management/commands/a.py', 'management/commands/b.py', 'management/commands/c.py'),
      ['/srv/app.py'],
    ],
    [
      'that are twins of others',
      ['/srv/u', '/srv/a.css', '/srv/a.css.gz', '/srv/a.css.br'],
      ['/srv/u', '/srv/a.css'],
    ],
    [
      'of software that was unpacked',
      ['/opt/jdk/bin/java', '/opt/jdk/lib/a', '/opt/jdk/lib/b', '/opt/jdk/lib/c'],
      ['/opt/jdk/bin/java'],
    ],
    [
      'of an environment of Python within it',
      beside('venv/pyvenv.cfg', 'venv/bin/activate', 'venv/bin/python', 'venv/lib/a'),
      ['/srv/app.py', '/srv/venv/bin/python'],
    ],
  ])('%s', (_which, files, kept) => {
    expect(messageOf(files, kept)).toBeUndefined();
  });
});
