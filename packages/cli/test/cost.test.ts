import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '@keepset/docker-engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectTestEngine, ensureBase } from '../../../test-fixtures/images.ts';
import { formatBytes } from '../src/terminal/format-bytes.js';
import { runKeepset } from './run-keepset.ts';

let engine: Engine;
let base: string;
const folder = mkdtempSync(join(tmpdir(), 'test-cost-'));
const keepset = (...args: string[]) => runKeepset(folder, args);
const SCRIPTS = { read: 'cat /etc/debian_version', sort: 'sort /etc/passwd /etc/debian_version' };

beforeAll(async () => {
  engine = await connectTestEngine();
  base = await ensureBase(engine);
  for (const [name, command] of Object.entries(SCRIPTS)) {
    const files = ['--manifest', `${name}.json`, '-o', `type=tar,dest=${name}.tar`];
    const words = ['--network', 'none', base, ...command.split(' ')];
    expect(await keepset('shrink', ...files, ...words)).toMatchObject({ status: 0 });
  }
});
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

describe('cost', () => {
  it('from manifests and from traces is the same', async () => {
    const manifests = await keepset('cost', '--json', 'first=read.json', 'sort.json');
    expect(manifests).toMatchObject({ status: 0, stderr: '' });
    const costs = JSON.parse(manifests.stdout);
    expect(costs.runs.map(({ run }: { run: string }) => run)).toEqual(['first', 'sort']);
    const runs = Object.entries(SCRIPTS).flatMap(([name, command]) => [
      '--run',
      `${name === 'read' ? 'first' : name}=${command}`,
    ]);
    const traced = await keepset('cost', '-q', '--network', 'none', '--json', ...runs, base);
    expect(traced).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(traced.stdout)).toEqual(costs);
  });

  it('as a table and as CSV says the same', async () => {
    const { runs, union } = JSON.parse((await keepset('cost', '--json', 'read.json', 'sort.json')).stdout);
    const text = (await keepset('cost', '--leave-one-out', 'read.json', 'sort.json')).stdout;
    const cells = text.split('\n').map((line) => line.split(/ {2,}/));
    expect(cells[0]).toEqual(['RUN', 'TOTAL', 'UNIQUE', 'SHARED', 'ADDS', 'WITHOUT']);
    const amounts = ['total', 'unique', 'shared', 'marginal', 'rest'];
    for (const [index, run] of runs.entries())
      expect(cells[index + 1]?.slice(1)).toEqual(amounts.map((name) => formatBytes(run[name].sizeBytes)));
    expect(text).toContain(`all runs together: ${union.paths} paths, ${formatBytes(union.sizeBytes)}\n`);
    const csv = (await keepset('cost', '--csv', '--by', 'dir', '--depth', '1', 'read.json', 'sort.json'))
      .stdout;
    const [titles, ...rows] = csv.trimEnd().split('\n');
    expect(titles).toMatch(/^run,folder,total_paths,total_bytes,unique_paths/);
    const total = rows
      .filter((row) => row.startsWith('sort,'))
      .reduce((sum, row) => sum + Number(row.split(',')[3]), 0);
    expect(total).toBe(runs[1].total.sizeBytes);
    const packages = (await keepset('cost', '--by', 'package', 'read.json', 'sort.json')).stdout;
    expect(packages).toMatch(/^sort +\S+ kB +\S+ k?B +\S+ k?B +\S+ k?B {2}deb:coreutils$/m);
  });

  it.each<[string[], number, RegExp]>([
    [[], 2, /no runs given/],
    [['a=read.json', 'a=sort.json'], 2, /two runs are called 'a'/],
    [['read.json', '--json'], 2, /options go before/],
    [['--run', 'true', 'IMAGE'], 2, /--run true: the name is missing/],
    [['--run', 'a=true'], 2, /no image given/],
    [['--run', 'a=true', 'IMAGE', 'true'], 2, /unexpected argument 'true'/],
    [['read.json', 'other.json'], 1, /other.json is of another source than read.json/],
    [['nowhere.json'], 1, /cannot read the manifest nowhere.json \(there is none\)/],
  ])('%j is refused', async (args, exitStatus, message) => {
    const other = readFileSync(join(folder, 'read.json'), 'utf8');
    writeFileSync(join(folder, 'other.json'), other.replace(/("id": "sha256:).{10}/, '$10123456789'));
    const { status, stdout, stderr } = await keepset('cost', ...args);
    expect({ status, stdout }).toEqual({ status: exitStatus, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
  });
});

describe('ls', () => {
  const rowsOf = async (...args: string[]): Promise<{ sizeBytes: number; [key: string]: unknown }[]> =>
    JSON.parse((await keepset('ls', '--json', 'read.json', ...args)).stdout);

  it('lists what was kept and what was removed: together the source', async () => {
    const kept = await rowsOf();
    const removed = await rowsOf('--removed');
    const paths = kept.map(({ path }) => path);
    expect(paths).toContain('/etc/debian_version');
    expect(removed.map(({ path }) => path)).toContain('/usr/bin/sort');
    expect(kept.length + removed.length).toBeGreaterThan(5000);
    const sizes = kept.map(({ sizeBytes }) => sizeBytes);
    expect(sizes).toEqual([...sizes].sort((one, other) => other - one));
    const text = (await keepset('ls', 'read.json')).stdout;
    expect(text).toMatch(/^ +\d+ B {2}file {7}\/etc\/debian_version$/m);
    expect(text.trimEnd().split('\n')).toHaveLength(kept.length + 2);
    expect(text).toMatch(new RegExp(`\\n${kept.length} paths, [\\d.]+ MB\\n$`));
    const short = (await keepset('ls', 'read.json', '--limit', '2')).stdout.trimEnd().split('\n');
    expect(short.slice(3)).toEqual([
      `and ${kept.length - 2} more; see --limit`,
      text.trimEnd().split('\n').at(-1),
    ]);
  });

  it.each(['package', 'dir', 'run', 'process'])('sums up by %s', async (by) => {
    const rows = await rowsOf('--by', by);
    const names = rows.map((row) => row[by]);
    const expected = {
      package: 'deb:libc6',
      dir: '/usr/lib',
      run: 'main',
      process: 'cat /etc/debian_version',
    };
    expect(names).toContain(expected[by as keyof typeof expected]);
    const csv = (await keepset('ls', '--by', by, '--csv', 'read.json')).stdout.trimEnd().split('\n');
    expect(csv).toHaveLength(rows.length + 1);
  });

  it.each<[string[], number, RegExp]>([
    [[], 2, /no manifest or image given/],
    [['read.json', 'sort.json'], 2, /unexpected argument 'sort.json'/],
    [['read.json', '--removed', '--by', 'run'], 2, /no run accessed/],
    [['read.json', '--depth', 'deep'], 2, /--depth deep: not a whole number/],
  ])('%j is refused', async (args, exitStatus, message) => {
    const { status, stderr } = await keepset('ls', ...args);
    expect(status).toBe(exitStatus);
    expect(stderr).toMatch(message);
  });
});
