import type { Engine } from '@keepset/docker-engine';
import { explainPath } from '@keepset/keep-planner';
import type { Service } from '@keepset/tracer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectTestEngine, ensureImage } from '../../../test-fixtures/images.ts';
import { type HereOptions, runHere, shrinkHere } from './shrink-here.ts';

let engine: Engine;
let image: string;

beforeAll(async () => {
  engine = await connectTestEngine();
  image = await ensureImage(engine, 'too-little');
});
afterAll(async () => await engine?.[Symbol.asyncDispose]());

/** Without the entrypoint's scripts, unless a test is about them. */
const PLAIN = { options: { entrypoint: '' } };

/** Signs that most runs of so large an image give: they have tests of their own. */
const OF_WHOLE_IMAGE: ReadonlySet<string> = new Set(['server-not-asked', 'software-unused', 'very-small']);

async function shrinkOnce(request: HereOptions) {
  const { result, ...shrunk } = await shrinkHere(engine, { image, ...request });
  const kept = [...result.manifest.plan.kept.keys()] as string[];
  const ask = async (...command: string[]) => await runHere(engine, result.id, command);
  return {
    ...shrunk,
    result,
    kept,
    ask,
    signs: result.signs
      .filter(({ kind }) => !OF_WHOLE_IMAGE.has(kind))
      .map(({ kind, message }) => `${kind}: ${message}`),
    [Symbol.asyncDispose]: async () => await engine.removeImage(result.id),
  };
}

const get = (path: string) => ({ kind: 'http', method: 'GET', path }) as const;
const pages = (...paths: string[]): Service => ({ ready: [], steps: paths.map(get) });

describe('a page that refers to others of its server', () => {
  const NGINX = ['nginx', '-g', 'daemon off;'];

  it('is told of, where they were not asked for', async () => {
    await using shrunk = await shrinkOnce({ ...PLAIN, command: NGINX, service: pages('/') });
    expect(shrunk.signs).toEqual([
      'links-not-asked: the pages that were asked for refer to 2 paths of the same server that were not: /app.js, /site.css',
      'own-files-unused: 3 of the 4 files in /var/www/html were never used: app.js, paper.svg, site.css',
    ]);
    expect(shrunk.kept).not.toContain('/var/www/html/site.css');
  });

  it('is told of no more where a crawl asked for them, and the result answers to all', async () => {
    const service = { ...pages('/'), crawl: { depth: 3 } };
    await using shrunk = await shrinkOnce({ ...PLAIN, command: NGINX, service });
    expect(shrunk.signs).toEqual([]);
    expect(shrunk.kept).toEqual(
      expect.arrayContaining(
        ['app.js', 'index.html', 'paper.svg', 'site.css'].map((name) => `/var/www/html/${name}`),
      ),
    );
    const [run] = shrunk.result.manifest.runs;
    expect(run?.steps?.map(({ name, status }) => `${name} → ${status}`)).toEqual([
      'http GET / → 200',
      'http GET /app.js → 200',
      'http GET /favicon.ico=404 → 404',
      'http GET /site.css → 200',
      'http GET /paper.svg → 200',
    ]);
    // What a crawl found is asked of the result as well: without the file, it answers otherwise.
    const locked = shrunk.result.keepList.replace('/var/www/html/paper.svg\n', '');
    await expect(
      shrinkHere(engine, { image, ...PLAIN, command: NGINX, service, locked }),
    ).rejects.toMatchObject({
      code: 'VERIFICATION_FAILED',
      message: expect.stringMatching(/http GET \/paper.svg ended with 404 instead of 200/),
    });
  });
});

describe('an entrypoint that can do more than it did', () => {
  it('is told of by the programs that it would lack', async () => {
    await using shrunk = await shrinkOnce({ command: ['true'] });
    expect(shrunk.signs).toEqual([
      'script-programs-removed: kept scripts name programs that are not kept: basename, cut, dirname, env, envsubst, mkdir, … (in /docker-entrypoint.d/10-list.envsh, /docker-entrypoint.d/20-envsubst-on-templates.sh)',
    ]);
    expect(shrunk.kept.filter((path) => /envsubst$|dirname$/.test(path))).toEqual([]);
  });

  it('is refused where that is wanted, before an image is made', async () => {
    await expect(shrinkHere(engine, { image, command: ['true'], strict: true })).rejects.toMatchObject({
      code: 'OVER_SHRUNK',
      details: expect.arrayContaining([
        expect.stringMatching(/^also: kept scripts name programs .* envsubst, .*; run what takes that way/),
      ]),
    });
  });

  it('is not told of where it did all of it', async () => {
    const command = ['sh', '-c', 'cat /etc/nginx/conf.d/page.html'];
    const run = 'mkdir -p /etc/nginx/templates && echo "$HOME" >/etc/nginx/templates/page.html.template';
    const options = { env: ['SHOW_USER=1'], entrypoint: '/bin/sh' };
    const all = ['-c', `${run} && exec /docker-entrypoint.sh "$@"`, 'sh', ...command];
    await using shrunk = await shrinkOnce({ command: all, options });
    expect(shrunk.signs).toEqual([]);
  });
});

describe('names of users and hosts', () => {
  it('are known to the result by the modules that no run asked', async () => {
    await using shrunk = await shrinkOnce({ ...PLAIN, command: ['getent', 'passwd', 'root'] });
    const modules = shrunk.kept.filter((path) => path.includes('libnss_'));
    expect(modules.map((path) => path.slice(path.lastIndexOf('/') + 1))).toEqual([
      'libnss_extrausers.so.2',
      'libnss_myhostname.so.2',
    ]);
    expect(explainPath(modules[0] ?? '', shrunk.result.manifest.plan)).toEqual([
      `${modules[0]} is kept`,
      '  a module that is named in /etc/nsswitch.conf',
      expect.stringMatching(/^ {4}run "main": /),
    ]);
    expect((await shrunk.ask('getent', 'hosts', '_gateway.localhost')).output).toMatch(
      /^(::1|127\.0\.0\.1)\s/,
    );
    const other = await runHere(engine, shrunk.result.id, ['getent', 'passwd', 'root']);
    expect(other.exitStatus).toBe(0);
  });

  it('answer from their files, where these stay', async () => {
    const keep = { keep: ['/var/lib/extrausers/**'] };
    await using shrunk = await shrinkOnce({ ...PLAIN, command: ['getent', 'passwd', 'root'], keep });
    expect((await shrunk.ask('getent', 'passwd', 'extra')).output).toMatch(/^extra:x:2000:/);
  });
});

describe('what is looked up by name', () => {
  it('stays where it is small: the usual terminals', async () => {
    await using shrunk = await shrinkOnce({ ...PLAIN, command: ['tput', '-T', 'xterm', 'longname'] });
    expect(shrunk.signs).toEqual([]);
    for (const terminal of ['screen', 'tmux', 'linux', 'vt100', 'dumb', 'xterm-256color'])
      expect(await shrunk.ask('tput', '-T', terminal, 'longname')).toMatchObject({ exitStatus: 0 });
  });

  it('stays where it is small: certificates by their hashes', async () => {
    const verify = (name: string) => [
      'openssl',
      'verify',
      '-no-CAfile',
      '-no-CAstore',
      '-CApath',
      '/etc/ssl/certs',
      `/usr/share/ca-certificates/mozilla/${name}.crt`,
    ];
    await using shrunk = await shrinkOnce({ ...PLAIN, command: verify('ISRG_Root_X1') });
    expect(await shrunk.ask(...verify('Certum_Trusted_Root_CA'))).toMatchObject({
      exitStatus: 0,
      output: expect.stringMatching(/: OK$/m),
    });
  });

  it.each<[string, readonly string[], RegExp]>([
    [
      'commands',
      ['python3', '/srv/shop/manage.py', 'count_orders'],
      /^commands-removed: management commands are looked up by name, and 2 of the 3 in \/srv\/shop\/management\/commands were never used: import_orders, send_invoices$/,
    ],
    [
      'time zones',
      ['sh', '-c', 'TZ=Europe/Berlin date >/dev/null'],
      /^time-zones-removed: .* of the \d+ in \/usr\/share\/zoneinfo were never used: Africa\/Abidjan, /,
    ],
    [
      'character sets',
      ['sh', '-c', 'echo a | iconv -f latin1 -t utf-8'],
      /^character-sets-removed: .* of the \d+ in \/usr\/lib\/\S+\/gconv were never used: /,
    ],
  ])('is told of where it is not: %s', async (_what, command, sign) => {
    await using shrunk = await shrinkOnce({ ...PLAIN, command });
    expect(shrunk.signs).toEqual([expect.stringMatching(sign)]);
  });

  it.each<[string, HereOptions]>([
    [
      'the zone of the image',
      { command: ['date', '+%Y'], options: { entrypoint: '', env: ['TZ=Europe/Berlin'] } },
    ],
    [
      'the character set of the image',
      { command: ['sh', '-c', 'echo a | iconv -f ascii -t utf-8'], ...PLAIN },
    ],
  ])('is not told of where nothing was looked up: %s', async (_what, request) => {
    await using shrunk = await shrinkOnce(request);
    expect(shrunk.signs).toEqual([]);
  });
});

describe('a service that was only waited for', () => {
  it('is told of', async () => {
    const service: Service = { ready: [{ kind: 'seconds', seconds: 1 }], steps: [], graceSeconds: 0 };
    await using shrunk = await shrinkOnce({ ...PLAIN, command: ['sleep', 'infinity'], service });
    expect(shrunk.signs).toEqual([
      'service-only-awaited: the command was only waited for (seconds=1): nothing was asked of it, and it started no program',
    ]);
  });

  it('is not where it started something in that time', async () => {
    const service: Service = { ready: [{ kind: 'seconds', seconds: 2 }], steps: [], graceSeconds: 0 };
    const command = ['sh', '-c', 'while :; do date >/dev/null; sleep 0.5; done'];
    await using shrunk = await shrinkOnce({ ...PLAIN, command, service });
    expect(shrunk.signs).toEqual([]);
  });
});
