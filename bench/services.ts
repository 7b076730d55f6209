// Whole shrinks of services, verification included, as users ask for them: Debian's nginx, Redis and PostgreSQL. With another
// checkout, both in turn: only their ratio means something on a shared machine.
//   pnpm bench:services [--beside FOLDER] [--rounds N] [--only NAME,…] [--json]
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { connectTestEngine } from '../test-fixtures/images.ts';
import { median } from './median.ts';
import { runKeepsetOf, type ShrinkRun } from './run-keepset.ts';
import { ensureServices, SERVICES_IMAGE as IMAGE } from './services-image.ts';

const OUT = 'keepset-bench:service';
const CLI = 'packages/cli/dist/keepset.js';

/** How each is asked for, from the options to the command. */
const SERVICES: Readonly<Record<string, readonly string[]>> = {
  nginx: ['--http', '/', '-p', '80', IMAGE, 'nginx', '-g', 'daemon off;'],
  redis: [
    ...['--ready', 'port=6379', '--exec', 'redis-cli set a 1', '--exec', 'redis-cli get a'],
    ...[IMAGE, 'redis-server', '--save', ''],
  ],
  postgres: [
    ...['--user', 'postgres', '--ready', 'log=ready to accept'],
    ...['--exec', "psql -h /tmp -d postgres -c 'select 1+1'", IMAGE, 'bash', '-c'],
    'bin=/usr/lib/postgresql/15/bin; $bin/initdb -D /data/pg >/dev/null && exec $bin/postgres -D /data/pg -k /tmp',
  ],
};

const { values: flags } = parseArgs({
  options: {
    beside: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', default: Object.keys(SERVICES).join(',') },
    json: { type: 'boolean' },
  },
});

await using engine = await connectTestEngine();
await ensureServices(engine);
const here = resolve(import.meta.dirname, '..');
const checkouts = [here, ...(flags.beside === undefined ? [] : [resolve(flags.beside)])];
const results = [];
for (const name of flags.only.split(',')) {
  const options = SERVICES[name];
  if (options === undefined) throw new Error(`no service '${name}': ${Object.keys(SERVICES).join(', ')}`);
  const runs = new Map<string, ShrinkRun[]>(checkouts.map((checkout) => [checkout, []]));
  for (let round = 0; round < Number(flags.rounds); round++) {
    for (const [checkout, all] of runs) {
      // Removed, so that each shrink builds and loads; and what one left to be written is not paid for by the next.
      await engine.removeImage(OUT);
      spawnSync('sync');
      all.push(await runKeepsetOf(join(checkout, CLI), ['-t', OUT, ...options]));
    }
  }
  for (const [checkout, all] of runs) {
    const seconds = median(all.map((each) => each.seconds));
    results.push({
      name,
      checkout,
      seconds,
      all: all.map((each) => each.seconds),
      stages: all.at(-1)?.report.stages,
    });
  }
}
await engine.removeImage(OUT);

if (flags.json) process.stdout.write(`${JSON.stringify(results)}\n`);
else
  for (const { name, checkout, seconds, all, stages } of results) {
    const other = results.find((each) => each.name === name && each.checkout !== checkout);
    const ratio =
      other === undefined || checkout !== here
        ? ''
        : `, ${(seconds / other.seconds).toFixed(2)} of the other`;
    const each = all.map((one) => one.toFixed(1)).join(' ');
    process.stdout.write(`${name.padEnd(10)}${seconds.toFixed(2)} s (${each})${ratio}  ${checkout}\n`);
    for (const [stage, spent] of Object.entries(stages ?? {}))
      process.stdout.write(`  ${stage.padEnd(8)}${spent.toFixed(2)} s\n`);
  }
