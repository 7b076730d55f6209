import type { Engine } from '@keepset/docker-engine';
import { readManifest } from '@keepset/manifest';
import { type Diagnosis, diagnose, examineEngine, type Finding } from '@keepset/shrinker';
import { printPath } from '@keepset/strace-parser';
import type { DOCTOR } from '../definitions/doctor.js';
import { engineOf } from '../inputs/engine-of.js';
import { toRunOptions } from '../inputs/to-run-options.js';
import { toolboxOptions } from '../inputs/toolbox-options.js';
import type { CommandLineOf } from '../options/command-definition.js';
import { UsageError } from '../options/usage-error.js';
import type { Console } from '../terminal/console.js';
import { createProgress } from '../terminal/progress.js';
import { quoteWords } from '../terminal/quote-words.js';
import { runStreams } from '../terminal/run-streams.js';

type DoctorLine = CommandLineOf<typeof DOCTOR>;

/** The exit status where something is bad, or missing. */
const UNWELL = 1;

/** `keepset doctor`: the machine, or a result that fails. */
export async function doctorCommand(line: DoctorLine, console: Console): Promise<number | undefined> {
  const { options, operands } = line;
  const [image] = operands;
  const source = await sourceOf(options);
  if (image === undefined && source !== undefined)
    throw new UsageError(
      'no result given',
      'It goes after the options; without --source the machine is examined.',
    );
  if (image !== undefined && source === undefined)
    throw new UsageError(
      'no source given',
      'Name what the result was made of with --source IMAGE, or --manifest FILE.',
    );
  await using engine = await engineOf(console);
  return source === undefined
    ? await examine(engine, line, console)
    : await findMissing(engine, { source, line }, console);
}

async function examine(
  engine: Engine,
  { options }: DoctorLine,
  console: Console,
): Promise<number | undefined> {
  const findings = await examineEngine(engine, toolboxOptions(options.toolbox, console));
  await console.writeOut(options.json ? `${JSON.stringify(findings)}\n` : findings.map(toLines).join(''));
  return findings.some(({ state }) => state === 'bad') ? UNWELL : undefined;
}

async function findMissing(
  engine: Engine,
  { source, line }: { readonly source: string; readonly line: DoctorLine },
  console: Console,
): Promise<number | undefined> {
  const { options, operands } = line;
  const [image = '', ...command] = operands;
  const isQuiet = options.quiet === true || options.json === true;
  const progress = await createProgress(console, isQuiet);
  const toolbox = toolboxOptions(options.toolbox, console);
  try {
    const diagnosis = await diagnose(
      engine,
      { image, source, command, options: toRunOptions(options, console), toolbox },
      runStreams(console, { progress, isQuiet, standardOutput: 'error' }),
    );
    progress.clear();
    await console.writeOut(options.json ? `${JSON.stringify(toJson(diagnosis))}\n` : toText(diagnosis));
    return diagnosis.missing.length > 0 ? UNWELL : undefined;
  } finally {
    progress.clear();
  }
}

async function sourceOf({ source, manifest }: DoctorLine['options']): Promise<string | undefined> {
  if (source !== undefined && manifest !== undefined)
    throw new UsageError('--source and --manifest exclude each other', 'Leave one of them out.');
  if (manifest === undefined) return source;
  const { source: image } = await readManifest(manifest);
  return image.id;
}

const MARKS: Readonly<Record<Finding['state'], string>> = {
  good: 'ok',
  poor: 'poor',
  bad: 'BAD',
  unknown: '?',
};

/** What the command line says to do, where it names options; else the finding's own words are shown. */
const REMEDIES: Readonly<Record<string, string>> = {
  toolbox: 'apt-get install strace, or --toolbox image=REF',
  strace: 'try --toolbox image',
};

function toLines({ subject, state, detail, ...finding }: Finding): string {
  const remedy = finding.remedy && (REMEDIES[subject] ?? finding.remedy);
  const line = `${MARKS[state].padEnd(6)}${subject.padEnd(18)}${detail}\n`;
  return remedy === undefined ? line : `${line}${' '.repeat(24)}${remedy}\n`;
}

function toJson({ exitStatus, failure, missing }: Diagnosis): object {
  return {
    exitStatus: exitStatus ?? null,
    ...(failure !== undefined && { failure }),
    missing: missing.map(({ path, packages }) => ({ path: printPath(path), packages })),
  };
}

function toText({ exitStatus, failure, missing }: Diagnosis): string {
  const ending =
    exitStatus === undefined ? `it could not be started: ${failure}` : `exit status ${exitStatus}`;
  if (missing.length === 0) return `${ending}; it looked for nothing that only the source has\n`;
  const lines = missing.map(({ path, packages }) => {
    return `${printPath(path)}${packages.length === 0 ? '' : `  (${packages.join(', ')})`}\n`;
  });
  const words = missing.slice(0, SHOWN).flatMap(({ path }) => ['--keep', printPath(path)]);
  const more = missing.length > SHOWN ? ' …' : '';
  return `${ending}; the result lacks these files of its source:\n${lines.join('')}Shrink again with: ${quoteWords(words)}${more}\n`;
}

const SHOWN = 5;
