// Deposits of all kinds of images, made on the default engine and checked on others, which have never seen their sources:
// by keepset replay, and by the check.sh in them.
//   pnpm bench:archive [--json] [--engines docker-next,podman] [--only NAME,…]
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { replayArchive, writeArchive } from '@keepset/archive';
import { connectEngine, type Engine, resolveEngineAddress } from '@keepset/docker-engine';
import { writeManifest } from '@keepset/manifest';
import { type Run, shrink } from '@keepset/shrinker';
import { type EngineKind, startEngine } from '../test-fixtures/engines/start-engine.ts';
import { connectTestEngine, ensureBase, ensureImage } from '../test-fixtures/images.ts';

const run = promisify(execFile);
const streams = { onOutput() {}, onEvent() {} };
const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean' },
    engines: { type: 'string', default: 'docker-next,podman' },
    only: { type: 'string' },
  },
});

interface Case {
  readonly name: string;
  /** Of test-fixtures; undefined: the base of them all. */
  readonly image?: string;
  readonly runs: readonly Run[];
  /** Whether a shell has all that it takes: it cannot send requests. Default true. */
  readonly isForShell?: boolean;
  /** Whether a folder of this machine is mounted, which an engine elsewhere does not see. Default false. */
  readonly isMounted?: boolean;
}

await using standard = await connectTestEngine();
const folder = mkdtempSync(join(tmpdir(), 'bench-archive-'));
const inputs = join(folder, 'in');
mkdirSync(inputs);
writeFileSync(join(inputs, 'a.csv'), '1,2\n3,4\n');

const main = (...command: readonly string[]): readonly Run[] => [{ name: 'main', command }];
const shell = (text: string) => main('sh', '-c', text);
const TEX = String.raw`\documentclass{article}\begin{document}Area: $\pi r^2$.\end{document}`;
const page = { kind: 'http', method: 'GET', path: '/' } as const;

const CASES: readonly Case[] = [
  { name: 'static program', image: 'static', runs: main() },
  { name: 'shell, Perl', runs: main('perl', '-e', 'print "$_\\n" for 1..3') },
  {
    name: 'several runs, one fails',
    runs: [
      { name: 'one', command: ['cat', '/etc/debian_version'] },
      { name: 'two', command: ['sh', '-c', 'echo a | sort > /result'] },
      { name: 'fails', command: ['sh', '-c', 'echo oops >&2; exit 3'], expectation: { exitStatus: 3 } },
    ],
  },
  {
    name: 'chance in output and file',
    runs: shell('date +%N; echo stays; date +%N > /stamp; cat /proc/sys/kernel/random/uuid'),
  },
  {
    name: 'names that are no UTF-8',
    runs: shell(String.raw`printf x > "$(printf '/tmp/\377name')"; ls -b /tmp`),
  },
  {
    name: 'mounted inputs',
    runs: [
      {
        name: 'main',
        command: ['sh', '-c', 'wc -l < /data/a.csv > /out; cat /out'],
        options: { volume: [`${inputs}:/data:ro`] },
      },
    ],
    isMounted: true,
  },
  {
    name: 'user, folder, read-only root',
    runs: [
      {
        name: 'main',
        command: ['sh', '-c', 'id -u; pwd; echo x > /tmp/a; cat /tmp/a'],
        options: { user: '1000:1000', workdir: '/usr', readOnly: true, tmpfs: ['/tmp'] },
      },
    ],
  },
  {
    name: 'a user whom the image does not know',
    runs: [
      { name: 'main', command: ['sh', '-c', 'echo a > /tmp/a; cat /tmp/a'], options: { user: '1000:1000' } },
    ],
  },
  { name: 'files of other owners', runs: shell('echo a > /mine; chown 1000:1000 /mine; cat /mine') },
  { name: 'R: a model and two plots', image: 'demo', runs: main() },
  {
    name: 'R: a map',
    image: 'maps',
    runs: main('Rscript', '-e', 'library(maps); pdf("/map.pdf"); map("world")'),
  },
  {
    name: 'TeX: a PDF',
    image: 'research',
    runs: main('sh', '-c', `cd && printf %s '${TEX}' > a.tex && pdflatex a.tex`),
  },
  { name: 'R, knitr, pandoc', image: 'research', runs: main() },
  { name: 'Python: pandas, matplotlib', image: 'research', runs: main('python3', 'analysis.py') },
  { name: 'Python: uuids in lines', image: 'proof', runs: main('python3', '/opt/proof/python/uuid_line.py') },
  {
    name: 'odd metadata, a user of its own',
    image: 'metadata',
    runs: shell('stat -c "%a %u:%g %n" /metadata/*'),
  },
  { name: 'capabilities, setuid', image: 'fidelity', runs: main('/fidelity/capable-rights') },
  {
    name: 'service: pages',
    image: 'service',
    runs: [{ name: 'web', command: [], service: { ready: [], steps: [page] } }],
    isForShell: false,
  },
  {
    name: 'service: HEALTHCHECK, a command',
    image: 'service-healthy',
    runs: [
      {
        name: 'web',
        command: [],
        service: { ready: [], steps: [page, { kind: 'exec', command: ['healthy'] }] },
      },
    ],
  },
  {
    name: 'service: a database',
    image: 'database',
    runs: [
      {
        name: 'postgres',
        command: [],
        service: {
          ready: [{ kind: 'port', ports: [5432] }],
          steps: [{ kind: 'exec', command: ['psql', '-h', 'localhost', '-Atc', 'select 6 * 7'] }],
        },
      },
    ],
  },
];

interface Row {
  readonly name: string;
  readonly imageBytes: number;
  readonly depositBytes: number;
  /** same, other, or why not; by engine. */
  readonly replay: Record<string, string>;
  readonly check: Record<string, string>;
}

const wanted = flags.only?.split(',');
const cases = CASES.filter(({ name }) => wanted === undefined || wanted.some((each) => name.includes(each)));
const rows: Row[] = [];
try {
  for (const [index, each] of cases.entries()) rows.push(await deposit(each, join(folder, `${index}`)));
  for (const kind of flags.engines.split(',') as EngineKind[]) {
    await using own = await startEngine(kind);
    const environment = { ...process.env, DOCKER_CONTEXT: '', ...own.environment };
    await using engine = await connectEngine({
      address: resolveEngineAddress({ environment, homeDirectory: homedir() }),
    });
    for (const [index, each] of cases.entries()) {
      const row = rows[index] as Row;
      const isThere = !(each.isMounted && kind === 'docker-next');
      row.replay[kind] = isThere ? await replay(engine, join(folder, `${index}`)) : 'no shared folder';
      row.check[kind] = await check(engine, join(folder, `${index}`), environment);
      process.stderr.write(`${kind}: ${each.name}: ${row.replay[kind]}, ${row.check[kind]}\n`);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The result leaves the engine again. */
async function deposit({ name, image, runs, isMounted }: Case, destination: string): Promise<Row> {
  const source = image === undefined ? await ensureBase(standard) : await ensureImage(standard, image);
  const options = { image: source, runs, tags: [], version: '1', inventory: true };
  let id: string | undefined;
  try {
    const result = await shrink(standard, options, streams);
    id = result.id;
    const manifest = `${destination}.json`;
    await writeManifest(result.manifest, manifest);
    const archive = {
      manifests: [manifest],
      destination,
      version: '1',
      ...(isMounted && { inputs: [inputs] }),
    };
    const written = await writeArchive(standard, archive, streams);
    process.stderr.write(`${name}: ${written.sizeBytes} bytes\n`);
    return { name, imageBytes: written.imageBytes, depositBytes: written.sizeBytes, replay: {}, check: {} };
  } catch (error) {
    // One that cannot be made is told like one that differs.
    process.stderr.write(`${name}: ${(error as Error).message}\n`);
    return { name, imageBytes: 0, depositBytes: 0, replay: {}, check: {} };
  } finally {
    if (id !== undefined) await standard.removeImage(id);
  }
}

async function replay(engine: Engine, place: string): Promise<string> {
  try {
    const { same, runs } = await replayArchive(engine, place, {}, streams);
    const differences = runs.flatMap((run) => run.differences);
    return same ? 'same' : [...differences.slice(0, 3), `${differences.length} in all`].join('; ');
  } catch (error) {
    return (error as Error).message;
  }
}

/** By the client of the engine: keepset has no part in it. */
async function check(engine: Engine, place: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const client = `${place}.client`;
  const words = engine.details.isDocker ? 'docker' : `podman --remote --url ${environment.DOCKER_HOST}`;
  writeFileSync(client, `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o755 });
  const env = { ...environment, ENGINE: client };
  return await run('sh', [join(place, 'data/check.sh')], { env }).then(
    () => 'same',
    ({ code, stdout, stderr }) => {
      const lines = `${stdout}${stderr}`.trim().split('\n');
      return code === 2 && lines.some((line) => line.includes('it needs keepset replay'))
        ? 'needs keepset'
        : `${code}: ${lines.slice(-4).join('; ')}`;
    },
  );
}

const isGood = ({ replay, check }: Row, { isForShell = true }: Case) =>
  Object.values(replay).every((each) => each === 'same' || each === 'no shared folder') &&
  Object.values(check).every((each) => each === (isForShell ? 'same' : 'needs keepset'));
if (flags.json) process.stdout.write(`${JSON.stringify(rows)}\n`);
else {
  const engines = flags.engines.split(',');
  const line = (cells: readonly string[]) => process.stdout.write(`| ${cells.join(' | ')} |\n`);
  line(['deposit', 'image', ...engines.flatMap((kind) => [`replay, ${kind}`, `check.sh, ${kind}`])]);
  line(['---', '---', ...engines.flatMap(() => ['---', '---'])]);
  for (const { name, imageBytes, replay, check } of rows)
    line([
      name,
      `${(imageBytes / 1e6).toFixed(1)} MB`,
      ...engines.flatMap((kind) => [replay[kind] ?? '', check[kind] ?? '']),
    ]);
}
if (!cases.every((each, index) => isGood(rows[index] as Row, each))) process.exitCode = 1;
