import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareFiles, readComparedFiles } from '@keepset/shrinker';
import { type Pipeline, SECRET } from './pipelines.ts';

/** What became of one pipeline. */
export interface Outcome {
  readonly name: string;
  readonly containers: number;
  readonly untraced: number;
  readonly images: readonly {
    readonly name: string;
    readonly sourceBytes: number;
    readonly resultBytes: number | undefined;
  }[];
  /** By what was done. */
  readonly seconds: Readonly<Record<'plain' | 'recorded' | 'shrunk' | 'proved', number>>;
  /** What is not as it should be, for people. */
  readonly faults: readonly string[];
}

const KEEPSET = new URL('../../packages/cli/dist/keepset.js', import.meta.url).pathname;
/** Further runs on the sources, where containers print what varies. */
const SAMPLES = '2';

/** Run a pipeline as it is, recorded, and on small images, each time from where it began. */
export async function tryPipeline(pipeline: Pipeline): Promise<Outcome> {
  const { name, command, leaves, varies, before, environment = {} } = pipeline;
  await pipeline.provideClient();
  const folder = mkdtempSync(join(tmpdir(), `keepset-pipeline-${name}-`));
  const work = join(folder, 'work');
  const recording = join(folder, 'recording');
  const faults: string[] = [];
  const run = async (words: readonly string[]): Promise<{ seconds: number; text: string }> => {
    const start = performance.now();
    const { status, text } = await runWords(words, work, environment);
    if (status !== 0) faults.push(`${words.join(' ')} ended with ${status}: ${text.slice(-3000)}`);
    return { seconds: (performance.now() - start) / 1000, text };
  };
  const keepset = (...words: readonly string[]) => run([process.execPath, KEEPSET, ...words]);
  const afresh = async () => {
    if (before === undefined || !existsSync(work)) {
      rmSync(work, { recursive: true, force: true });
      cpSync(new URL(`./${name}/`, import.meta.url).pathname, work, { recursive: true });
      if (before !== undefined) await run(before);
    }
  };
  const left = () => readComparedFiles(work, leaves === undefined ? [] : [leaves]);
  try {
    await afresh();
    const plain = await run(command);
    const expected = await left();
    await afresh();
    const compared = leaves === undefined ? [] : ['--compare', leaves];
    const recorded = await keepset('record', '-o', recording, ...compared, '--', ...command);
    const shrunk = await keepset('shrink', '--recorded', recording);
    await afresh();
    const samples = varies ? ['--samples', SAMPLES] : [];
    const proved = await keepset('record', '--prove', recording, ...samples, '--', ...command);
    for (const { path, aspect } of compareFiles(expected, await left()))
      faults.push(`what the plain run left differs: ${path}, ${aspect}`);
    for (const file of filesWith(SECRET, recording)) faults.push(`${file} holds the value of a variable`);
    return {
      name,
      ...readRecorded(recording),
      seconds: {
        plain: plain.seconds,
        recorded: recorded.seconds,
        shrunk: shrunk.seconds,
        proved: proved.seconds,
      },
      faults,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function runWords(
  [program = '', ...args]: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly status: number; readonly text: string }> {
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const pieces: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => pieces.push(piece));
  const status = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? -1));
  });
  return { status, text: Buffer.concat(pieces).toString() };
}

function readRecorded(folder: string): Pick<Outcome, 'containers' | 'untraced' | 'images'> {
  const read = (name: string) =>
    existsSync(join(folder, name)) ? JSON.parse(readFileSync(join(folder, name), 'utf8')) : {};
  const { containers = [], untraced = [] } = read('recording.json');
  const { images = [] } = read('keepset.images.json');
  return {
    containers: containers.length,
    untraced: untraced.length,
    images: images.map(
      (each: { source: { references: string[]; sizeBytes: number }; result?: { sizeBytes: number } }) => ({
        name: each.source.references.join(', '),
        sourceBytes: each.source.sizeBytes,
        resultBytes: each.result?.sizeBytes,
      }),
    ),
  };
}

/** Files of a folder that hold a text, be they packed or not: trace files are tars of what is gzipped each by itself. */
function filesWith(text: string, folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => (file.endsWith('.trace') ? readTrace(file) : readFileSync(file)).includes(text));
}

const UNPACK = 'tar -xOf "$0" trace.json; tar -xOf "$0" --wildcards "*.gz" | gzip -dc';

function readTrace(file: string): Buffer {
  return execFileSync('sh', ['-c', UNPACK, file], { maxBuffer: 2 ** 30 });
}
