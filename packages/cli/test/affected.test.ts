import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '@keepset/docker-engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectTestEngine, ensureBase } from '../../../test-fixtures/images.ts';
import { runKeepset } from './run-keepset.ts';

const folder = mkdtempSync(join(tmpdir(), 'test-affected-'));
const ECOSYSTEMS = ['deb', 'apk', 'rpm', 'pypi', 'npm', 'r', 'gem', 'conda', 'java', 'go'];
const FATES = ['used', 'present', 'removed', 'unknown'] as const;
const COMMANDS = {
  cat: ['cat', '/etc/debian_version'],
  sort: ['sort', '/etc/issue'],
  perl: ['perl', '-e', 'print 1'],
  grep: ['sh', '-c', 'grep root /etc/passwd'],
  again: ['sh', '-c', 'perl -e 1; cat /etc/issue'],
};

interface Row {
  readonly status: string;
  readonly manifest: string;
}

let engine: Engine;

/** One that has a package `asked` of an ecosystem, with a fate; its version can be compared, or its files have no owner. */
function generated(ecosystem: string, fate: (typeof FATES)[number]): string {
  const reasons = (action: string) => [{ run: 'main', action, call: action, line: 1, count: 1 }];
  const file = { path: '/opt/lib/asked.so', type: 'file', sizeBytes: 1 };
  const kept = {
    used: [{ ...file, owners: [0], reasons: reasons('open') }],
    present: [{ ...file, owners: [0], reasons: reasons('stat') }],
    removed: [],
    unknown: [{ ...file, path: '/opt/asked-1.0/copy', reasons: reasons('open') }],
  }[fate];
  return JSON.stringify({
    manifestVersion: 1,
    source: { id: 'x' },
    result: { id: 'y' },
    runs: [],
    programs: [],
    kept,
    removed: fate === 'removed' ? [{ ...file, owners: [0] }] : [],
    packages:
      fate === 'unknown'
        ? []
        : [
            {
              ecosystem,
              name: 'asked',
              version: '1.0.0',
              licenses: [],
              purl: `pkg:generic/asked@1.0.0`,
              database: '/db',
            },
          ],
  });
}

beforeAll(async () => {
  engine = await connectTestEngine();
  const base = await ensureBase(engine);
  mkdirSync(join(folder, 'archive/real'), { recursive: true });
  mkdirSync(join(folder, 'archive/made'));
  for (let number = 0; number < 200; number++) {
    const ecosystem = ECOSYSTEMS[number % ECOSYSTEMS.length] ?? '';
    const fate = FATES[Math.floor(number / ECOSYSTEMS.length) % FATES.length] ?? 'used';
    writeFileSync(
      join(folder, `archive/made/${ecosystem}-${fate}-${number}.json`),
      generated(ecosystem, fate),
    );
  }
  for (const [name, command] of Object.entries(COMMANDS)) {
    const manifest = ['--manifest', `archive/real/${name}.json`, '-o', `type=tar,dest=${name}.tar`];
    const shrunk = await runKeepset(folder, ['shrink', ...manifest, '--no-verify', base, ...command]);
    expect(shrunk).toMatchObject({ status: 0 });
  }
});
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

async function ask(...args: readonly string[]): Promise<Map<string, string>> {
  const { status, stdout, stderr } = await runKeepset(folder, [
    'affected',
    '--json',
    '--in',
    'archive',
    ...args,
  ]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const rows = JSON.parse(stdout) as readonly Row[];
  expect(rows).toHaveLength(205);
  return new Map(
    rows.map(({ manifest, status: answer }) => [manifest.replace(/^archive\/|\.json$/g, ''), answer]),
  );
}

describe('an archive of 200 generated and 5 real manifests', () => {
  it.each(ECOSYSTEMS)('knows what is used, present, removed and unknown of %s', async (ecosystem) => {
    for (const [manifest, status] of await ask(`${ecosystem}:asked`)) {
      const [, own, fate] = /^made\/([a-z]+)-([a-z]+)-/.exec(manifest) ?? [];
      // A copy that is nobody's could be of any ecosystem.
      const expected = fate === 'unknown' || own === ecosystem ? fate : 'unaffected';
      expect([manifest, status]).toEqual([manifest, expected ?? 'unaffected']);
    }
  });

  it.each([
    ['perl-base', { cat: 'removed', sort: 'removed', perl: 'used', grep: 'removed', again: 'used' }],
    [
      'pkg:deb/debian/grep@>=1',
      { cat: 'removed', sort: 'removed', perl: 'removed', grep: 'used', again: 'removed' },
    ],
    ['libc.so.6', { cat: 'used', sort: 'used', perl: 'used', grep: 'used', again: 'used' }],
    ['/bin/sort', { cat: 'removed', sort: 'used', perl: 'removed', grep: 'removed', again: 'removed' }],
  ])('knows of the real ones what they used of %s', async (query, expected) => {
    const answers = await ask(query);
    const real = Object.keys(COMMANDS).map((name) => [name, answers.get(`real/${name}`)]);
    expect(Object.fromEntries(real)).toEqual(expected);
  });

  it('has an index beside it, which is no manifest, and answers the same without one', async () => {
    const indexed = await ask('npm:asked');
    expect(readdirSync(join(folder, 'archive'))).toContain('.keepset-index.sqlite');
    rmSync(join(folder, 'archive/.keepset-index.sqlite'));
    expect(await ask('npm:asked', '--no-index')).toEqual(indexed);
    expect(existsSync(join(folder, 'archive/.keepset-index.sqlite'))).toBe(false);
  });

  it('is asked by a pattern as well', async () => {
    const answers = async (place: string) => {
      const asked = await runKeepset(folder, ['affected', '--json', '--in', place, 'perl-base']);
      return JSON.parse(asked.stdout).map(({ manifest }: Row) => manifest);
    };
    const real = ['again', 'cat', 'grep', 'perl', 'sort'].map((name) => `archive/real/${name}.json`);
    for (const pattern of ['archive/real/*.json', './archive/**/{again,cat,grep,perl,sort}.json'])
      expect(await answers(pattern)).toEqual(real);
    expect(await answers(`${folder}/archive/real/p*`)).toEqual([`${folder}/archive/real/perl.json`]);
    const none = await runKeepset(folder, ['affected', '--in', 'archive/none-*.json', 'x']);
    expect(none).toMatchObject({
      status: 2,
      stderr: 'keepset: --in: no file matches archive/none-*.json\n',
    });
  });
});

describe('the OSV service', () => {
  const RECORDS: Readonly<Record<string, unknown>> = {
    'CVE-2024-1111': { id: 'CVE-2024-1111', aliases: ['GHSA-aaaa-bbbb-cccc'] },
    // Its aliases lead back.
    'GHSA-aaaa-bbbb-cccc': {
      id: 'GHSA-aaaa-bbbb-cccc',
      aliases: ['CVE-2024-1111', 'CVE-2024-9999'],
      affected: [{ package: { ecosystem: 'npm', name: 'asked' }, versions: ['1.0.0'] }],
    },
    'DEBIAN-CVE-2024-1111': {
      id: 'DEBIAN-CVE-2024-1111',
      upstream: ['CVE-2024-1111'],
      affected: [
        {
          package: { ecosystem: 'Debian:12', name: 'perl' },
          ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }] }],
        },
      ],
    },
    'CVE-2024-2222': { id: 'CVE-2024-2222', withdrawn: '2024-02-03T00:00:00Z' },
    'CVE-2024-3333': { no: 'id' },
  };
  const asked: string[] = [];
  let server: Server;
  let environment: Record<string, string>;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const id = request.url?.replace('/v1/vulns/', '') ?? '';
      asked.push(id);
      if (id === 'CVE-2024-5000') response.writeHead(500).end();
      else if (RECORDS[id] === undefined) response.writeHead(404).end('{"code":5}');
      else response.end(JSON.stringify(RECORDS[id]));
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    environment = { KEEPSET_OSV_URL: `http://127.0.0.1:${port}/`, KEEPSET_CACHE: join(folder, 'cache') };
  });
  afterAll(() => server?.close());

  const askOnline = (id: string) =>
    runKeepset(
      folder,
      ['affected', '--json', '--online', '--in', 'archive/real', '--in', 'archive/made', id],
      environment,
    );

  it('is asked for an advisory, its aliases and those of distributions, and once a day', async () => {
    const { stdout, status } = await askOnline('CVE-2024-1111');
    expect(status).toBe(0);
    const rows = JSON.parse(stdout) as readonly Row[];
    const statusOf = (name: RegExp) =>
      new Set(rows.filter(({ manifest }) => name.test(manifest)).map((row) => row.status));
    expect(statusOf(/real\/perl/)).toEqual(new Set(['used']));
    expect(statusOf(/real\/cat/)).toEqual(new Set(['removed']));
    expect(statusOf(/made\/npm-used/)).toEqual(new Set(['used']));
    expect(statusOf(/made\/pypi-used/)).toEqual(new Set(['unaffected']));
    expect(asked.toSorted()).toEqual([
      'ALPINE-CVE-2024-1111',
      'CVE-2024-1111',
      'CVE-2024-9999',
      'DEBIAN-CVE-2024-1111',
      'GHSA-aaaa-bbbb-cccc',
      'UBUNTU-CVE-2024-1111',
    ]);
    asked.length = 0;
    expect((await askOnline('CVE-2024-1111')).stdout).toBe(stdout);
    expect(asked).toEqual([]);
  });

  it('that answers no more leaves what it said', async () => {
    const { stdout } = await askOnline('CVE-2024-1111');
    const kept = join(folder, 'cache/osv');
    for (const name of readdirSync(kept, { recursive: true, encoding: 'utf8' }))
      utimesSync(join(kept, name), 1e9, 1e9);
    const [place = ''] = readdirSync(kept);
    const gone = { ...environment, KEEPSET_OSV_URL: decodeURIComponent(place) };
    server.close();
    server.closeAllConnections();
    const again = await runKeepset(
      folder,
      ['affected', '--json', '--online', '--in', 'archive/real', '--in', 'archive/made', 'CVE-2024-1111'],
      gone,
    );
    expect(again).toMatchObject({ status: 0, stdout });
    expect(again.stderr).toMatch(
      /does not answer .*; using its answer of 2001-09-09T01:46:40.000Z about CVE-2024-1111/,
    );
    await new Promise<void>((resolve) => {
      server.listen(Number(new URL(decodeURIComponent(place)).port), '127.0.0.1', resolve);
    });
  });

  it.each([
    ['CVE-2024-2222', 2, /CVE-2024-2222 was withdrawn on 2024-02-03/],
    [
      'CVE-2024-3333',
      1,
      /answers to CVE-2024-3333 with something that is not a record of the OSV format\n {2}Give records/,
    ],
    ['CVE-2024-4444', 2, /no record of CVE-2024-4444/],
    ['CVE-2024-5000', 1, /answers 500 to CVE-2024-5000\n {2}Give records/],
  ])('%s is refused', async (id, status, message) => {
    const refused = await askOnline(id);
    expect(refused).toMatchObject({ status, stdout: '' });
    expect(refused.stderr).toMatch(message);
    expect(refused.stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
  });
});
