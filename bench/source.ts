// What flattening costs where no engine has the image: the research image in an OCI layout, made one layer by keepset,
// by skopeo and umoci (which always pack what they write), and, in an engine, by `docker export | docker import`; in
// turn, in one run. Only ratios mean something on a shared machine. umoci unpacks owners and devices: as root.
//   pnpm bench:source [--json] [--rounds N]
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { ensurePrograms } from '../test-fixtures/ensure-programs.ts';
import { connectTestEngine, ensureImage } from '../test-fixtures/images.ts';
import { exportAndImport } from './export-and-import.ts';
import { measureKeepset } from './measure-keepset.ts';
import { median } from './median.ts';

const RATIO_GOAL = 0.6;
const PEAK_GOAL_BYTES = 150e6;
const { values: flags } = parseArgs({
  options: { json: { type: 'boolean' }, rounds: { type: 'string', default: '3' } },
});
const run = promisify(execFile);
const rounds = Number(flags.rounds);

/** @returns seconds */
async function flattenByUmoci(layout: string, folder: string): Promise<number> {
  const [copy, whole, empty] = ['copy', 'whole', 'empty'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  mkdirSync(folder);
  const start = performance.now();
  await run('skopeo', ['copy', '--quiet', `oci:${layout}:1`, `oci:${copy}:1`]);
  await run('umoci', ['unpack', '--image', `${copy}:1`, whole]);
  await run('umoci', ['new', '--image', `${copy}:flat`]);
  await run('umoci', ['unpack', '--image', `${copy}:flat`, empty]);
  // All that is there is then new, and goes into one layer.
  for (const name of readdirSync(join(whole, 'rootfs')))
    renameSync(join(whole, 'rootfs', name), join(empty, 'rootfs', name));
  await run('umoci', ['repack', '--image', `${copy}:flat`, empty]);
  const seconds = (performance.now() - start) / 1000;
  rmSync(folder, { recursive: true });
  return seconds;
}

/** What the one before left to be written must not be paid for by the next. */
const settle = () => run('sync');

await ensurePrograms('skopeo', 'umoci');
await using engine = await connectTestEngine();
const image = await ensureImage(engine, 'research');
const folder = mkdtempSync(join(tmpdir(), 'keepset-bench-'));
const [keepset, umoci, imports]: [number[], number[], number[]] = [[], [], []];
let peakBytes = 0;
try {
  const [layout, flat] = [join(folder, 'layout'), join(folder, 'flat.tar')];
  const host = process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock';
  const from = ['--src-daemon-host', host, `docker-daemon:${image}`];
  await run('skopeo', ['copy', '--quiet', ...from, `oci:${layout}:1`]);
  for (let round = 0; round < rounds; round++) {
    await settle();
    const cost = await measureKeepset(['flatten', '-o', `type=oci,dest=${flat}`, `oci:${layout}:1`]);
    keepset.push(cost.seconds);
    peakBytes = Math.max(peakBytes, cost.peakBytes);
    rmSync(flat);
    await settle();
    umoci.push(await flattenByUmoci(layout, join(folder, 'umoci')));
    await settle();
    imports.push(await exportAndImport(engine, image));
  }
} finally {
  rmSync(folder, { recursive: true });
}

const seconds = { keepset: median(keepset), umoci: median(umoci), exportImport: median(imports) };
const ratio = seconds.keepset / Math.min(seconds.umoci, seconds.exportImport);
const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Docker ${engine.details.version}, Node ${process.version}`;
if (flags.json) process.stdout.write(`${JSON.stringify({ machine, rounds, seconds, ratio, peakBytes })}\n`);
else
  process.stdout.write(
    `${machine}, medians of ${rounds}\n` +
      `keepset flatten          ${seconds.keepset.toFixed(1).padStart(6)} s  peak ${(peakBytes / 1e6).toFixed(0)} MB (goal: at most ${PEAK_GOAL_BYTES / 1e6})\n` +
      `skopeo copy, umoci       ${seconds.umoci.toFixed(1).padStart(6)} s\n` +
      `export | import          ${seconds.exportImport.toFixed(1).padStart(6)} s\n` +
      `keepset / the faster     ${ratio.toFixed(2).padStart(6)} (goal: at most ${RATIO_GOAL})\n`,
  );
