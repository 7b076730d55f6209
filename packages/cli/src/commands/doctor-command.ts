import { statSync } from 'node:fs';
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
  const [first] = operands;
  const { image = first, source } = await imagesOf(options, first);
  if (image === undefined && source !== undefined)
    throw new UsageError(
      'no result given',
      'It goes after the options; without --source the machine is examined.',
    );
  if (image !== undefined && source === undefined)
    throw new UsageError(
      'no source given',
      'Give the manifest in place of RESULT, or name what the result was made of: --source IMAGE.',
    );
  await using engine = await engineOf(console);
  return source === undefined
    ? await examine(engine, line, console)
    : await findMissing(engine, { image, source, line }, console);
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
  {
    image = '',
    source,
    line,
  }: { readonly image: string | undefined; readonly source: string; readonly line: DoctorLine },
  console: Console,
): Promise<number | undefined> {
  const { options, operands } = line;
  const [, ...command] = operands;
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
    await console.writeOut(
      options.json ? `${JSON.stringify(toJson(diagnosis))}\n` : toText(diagnosis, command),
    );
    return diagnosis.missing.length > 0 ? UNWELL : undefined;
  } finally {
    progress.clear();
  }
}

/** What is to be examined, and what it was made of, as far as the options and a manifest tell. */
async function imagesOf(
  { source, manifest: former }: DoctorLine['options'],
  first: string | undefined,
): Promise<{ readonly image?: string; readonly source: string | undefined }> {
  const isManifest =
    source === undefined && first !== undefined && statSync(first, { throwIfNoEntry: false })?.isFile();
  const file = former ?? (isManifest ? first : undefined);
  if (file === undefined) return { source };
  if (source !== undefined)
    throw new UsageError('--source and a manifest exclude each other', 'Leave one of them out.');
  const { source: whole, result } = await readManifest(file);
  return former === undefined ? { image: result.id, source: whole.id } : { source: whole.id };
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

function toText({ exitStatus, failure, missing }: Diagnosis, command: readonly string[]): string {
  const ending =
    exitStatus === undefined ? `it could not be started: ${failure}` : `exit status ${exitStatus}`;
  if (missing.length === 0) return `${ending}; it looked for nothing that only the source has\n`;
  const lines = missing.map(({ path, packages }) => {
    return `${printPath(path)}${packages.length === 0 ? '' : `  (${packages.join(', ')})`}\n`;
  });
  return `${ending}; the result lacks these files of its source:\n${lines.join('')}Shrink again with: ${advice(missing, command)}\n`;
}

/** More paths than this are better named by the command that needs them. */
const NAMED_MAX = 5;

/** Options that help. A link to a folder is none to keep: the whole folder would come with it. */
function advice(missing: Diagnosis['missing'], command: readonly string[]): string {
  const paths = missing
    .filter(({ leadsToFolder }) => leadsToFolder !== true)
    .map(({ path }) => printPath(path));
  if (paths.length > 0 && (paths.length <= NAMED_MAX || command.length === 0))
    return quoteWords(paths.flatMap((path) => ['--keep', path]));
  return command.length === 0
    ? 'a --run that does the same'
    : quoteWords(['--run', `doctor=${quoteWords(command)}`]);
}
