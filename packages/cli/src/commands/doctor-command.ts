import {
  type Diagnosis,
  diagnose,
  examineEngine,
  type Finding,
  printPath,
  readManifest,
} from '@keepset/shrinker';
import { engineOf } from '../inputs/engine-of.js';
import { toRunOptions } from '../inputs/to-run-options.js';
import { toToolboxSource } from '../inputs/to-source-arguments.js';
import { parseOptions } from '../options/parse-options.js';
import { RUN_OPTION_DEFINITIONS } from '../options/run-options.js';
import { KEEPSET_GROUP as GROUP } from '../options/source-options.js';
import { UsageError } from '../options/usage-error.js';
import type { Console } from '../terminal/console.js';
import { createProgress } from '../terminal/progress.js';
import { quoteWords } from '../terminal/quote-words.js';

const GRAMMAR = {
  name: 'keepset doctor',
  usage: `Usage: keepset doctor [OPTIONS]
       keepset doctor --source IMAGE [OPTIONS] RESULT [COMMAND [ARG...]]
       keepset doctor --manifest FILE [OPTIONS] RESULT [COMMAND [ARG...]]

Look whether keepset can work here: engine, disk, toolbox, tracing. Or run a command that fails in a result, and tell
what of its source it asks for in vain.`,
  epilogue:
    'Exit status 1 when something is bad, or missing. The output of the command goes to standard error.',
  definitions: {
    source: { type: 'string', nargs: 1, group: GROUP, description: 'What the result was made of' },
    manifest: { type: 'string', nargs: 1, group: GROUP, description: 'Its manifest, which names the source' },
    toolbox: {
      type: 'string',
      nargs: 1,
      group: GROUP,
      description: 'Where strace and tar come from: auto, host, image, image=REF, install, ./DIR',
    },
    quiet: { type: 'boolean', alias: 'q', group: GROUP, description: 'Print only what is missing' },
    json: { type: 'boolean', group: GROUP, description: 'Print one JSON object' },
    ...RUN_OPTION_DEFINITIONS,
  },
} as const;

/** `keepset doctor`: the machine, or a result that fails. */
export async function doctorCommand(
  args: readonly string[],
  console: Console,
  setExitStatus: (status: number) => void,
): Promise<void> {
  const parsed = await parseOptions(args, GRAMMAR, console, console.columns);
  if (typeof parsed === 'string') return void (await console.writeOut(`${parsed}\n`));
  const { options, rest } = parsed;
  const base = console.environment.KEEPSET_TOOLBOX_BASE;
  const toolbox = { source: toToolboxSource(options), ...(base && { base }) };
  const [image, ...command] = rest;
  const source = await sourceOf(options.source as string | undefined, options.manifest as string | undefined);
  if (image === undefined && source !== undefined)
    throw new UsageError(
      'no result given',
      'It goes after the options; without --source the machine is looked at.',
    );
  if (image !== undefined && source === undefined)
    throw new UsageError(
      'no source given',
      'Say with --source IMAGE, or --manifest FILE, what the result was made of.',
    );
  await using engine = await engineOf(console);
  if (image === undefined || source === undefined) {
    const findings = await examineEngine(engine, toolbox);
    await console.writeOut(options.json ? `${JSON.stringify(findings)}\n` : findings.map(toLines).join(''));
    if (findings.some(({ state }) => state === 'bad')) setExitStatus(1);
    return;
  }
  const isQuiet = options.quiet === true || options.json === true;
  const progress = createProgress(console, isQuiet);
  try {
    const diagnosis = await diagnose(
      engine,
      { image, source, command, run: toRunOptions(options, console), toolbox },
      {
        onEvent: progress.onEvent,
        async onOutput({ bytes }) {
          if (isQuiet) return;
          progress.clear();
          await console.writeErrorBytes(bytes);
        },
        stdin: console.stdin,
      },
    );
    progress.clear();
    await console.writeOut(options.json ? `${JSON.stringify(toJson(diagnosis))}\n` : toText(diagnosis));
    if (diagnosis.missing.length > 0) setExitStatus(1);
  } finally {
    progress.clear();
  }
}

async function sourceOf(
  source: string | undefined,
  manifest: string | undefined,
): Promise<string | undefined> {
  if (source !== undefined && manifest !== undefined)
    throw new UsageError('--source and --manifest say the same', 'Leave one out.');
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

function toLines({ subject, state, detail, remedy }: Finding): string {
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
  if (missing.length === 0) return `${ending}; it asked for nothing in vain that the source has\n`;
  const lines = missing.map(({ path, packages }) => {
    return `${printPath(path)}${packages.length === 0 ? '' : `  (${packages.join(', ')})`}\n`;
  });
  const words = missing.slice(0, SHOWN).flatMap(({ path }) => ['--keep', printPath(path)]);
  const more = missing.length > SHOWN ? ' …' : '';
  return `${ending}; of its source it lacks:\n${lines.join('')}Shrink again with: ${quoteWords(words)}${more}\n`;
}

const SHOWN = 5;
