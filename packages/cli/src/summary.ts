import {
  type Masked,
  printMasked,
  printPath,
  printWarning,
  type Repair,
  type ShrinkResult,
} from '@keepset/shrinker';
import { describeWarnings } from './describe-warnings.js';
import { formatBytes } from './format-bytes.js';
import type { ShrinkCommand } from './parse-shrink.js';
import { quoteWords } from './quote-words.js';

/** What `--json` prints: everything that the text says. */
export function toJson(result: ShrinkResult, tags: readonly string[]): object {
  const { manifest } = result;
  const [run] = manifest.runs;
  return {
    id: result.id,
    tags,
    source: {
      reference: manifest.source.reference,
      id: manifest.source.id,
      sizeBytes: result.sourceBytes,
      entries: result.sourceFiles,
    },
    result: {
      sizeBytes: result.resultBytes,
      entries: result.keptFiles,
      layerDigest: manifest.result.layerDigest,
    },
    share: result.resultBytes / result.sourceBytes,
    ...(run && { run: { command: run.command, exitStatus: run.exitStatus, seconds: result.runSeconds } }),
    verified: result.verified,
    comparedFiles: result.comparedFiles,
    repairs: result.repairs.map(({ round, path }) => ({ round, path: printPath(path) })),
    masked: result.masked.map(printMasked),
    warnings: manifest.plan.warnings.map(printWarning),
    listedDirectories: manifest.plan.listed.length,
    stages: Object.fromEntries(result.stages.map(({ stage, seconds }) => [stage, seconds])),
  };
}

/** The last lines of a shrink, for people. */
export function toText(
  result: ShrinkResult,
  {
    tags,
    command,
    runArguments,
    outputs,
    remainder,
  }: Pick<ShrinkCommand, 'tags' | 'command' | 'runArguments' | 'outputs'> &
    Partial<Pick<ShrinkCommand, 'remainder'>>,
): string {
  const [name] = tags;
  const percent = ((100 * result.resultBytes) / result.sourceBytes).toFixed(1);
  const rows = [
    ['size', `${formatBytes(result.sourceBytes)} → ${formatBytes(result.resultBytes)} (${percent} %)`],
    ['entries', `${count(result.sourceFiles)} → ${count(result.keptFiles)}`],
    ['verified', verification(result)],
    ...masking(result),
    ...(remainder === undefined ? [] : [['whole', `${remainder}: the result, and the rest above it`]]),
    ...outputs.map(({ type, destination }) => ['written', `${destination} (${type})`]),
    ...(name === undefined
      ? []
      : [['run it', quoteWords(['docker', 'run', '--rm', ...runArguments, name, ...command])]]),
  ];
  const warnings = [
    ...describeRepairs(result.repairs),
    ...describeWarnings(result.manifest.plan, result.listed),
  ].map((line) => `keepset: ${line}\n`);
  return [...warnings, ...rows.map(([name = '', value = '']) => `${name.padEnd(10)}${value}\n`)].join('');
}

function verification({ verified, comparedFiles }: ShrinkResult): string {
  if (!verified) return 'no';
  const files = comparedFiles === 0 ? '' : `, and ${count(comparedFiles)} files written`;
  return `yes: the same exit status and output${files}`;
}

const MASKED_NAMES = {
  stdout: 'standard output',
  stderr: 'standard error',
  'exit-status': 'the exit status',
  'file-names': 'names of files',
} as const;

const VARIATIONS: Readonly<Record<Masked['variation'], string>> = {
  none: '',
  order: 'the order of lines',
  words: 'numbers and names',
  'order-and-words': 'the order of lines, numbers and names',
  lines: 'which lines there are',
  content: '',
};

/** What varies by itself, and was not held against the result. */
function masking({ masked }: ShrinkResult): [string, string][] {
  const texts = masked.map(({ where, variation }) => {
    const name = typeof where === 'string' ? MASKED_NAMES[where] : printPath(where.path);
    return VARIATIONS[variation] === '' || where === 'file-names'
      ? name
      : `${name} (${VARIATIONS[variation]})`;
  });
  if (texts.length === 0) return [];
  const others = texts.length > SHOWN ? ` and ${texts.length - SHOWN} more` : '';
  return [['varies', `${texts.slice(0, SHOWN).join(', ')}${others}: not compared`]];
}

const SHOWN = 3;

/** Each is a fault of keepset's: the trace should have told. */
function describeRepairs(repairs: readonly Repair[]): string[] {
  if (repairs.length === 0) return [];
  const paths = repairs.map(({ path }) => printPath(path));
  const shown = `${paths.slice(0, SHOWN).join(', ')}${paths.length > SHOWN ? ', …' : ''}`;
  return [
    `repaired: the result lacked ${count(paths.length)} paths at first, which the trace had not told: ${shown}`,
  ];
}

function count(number: number): string {
  return number.toLocaleString('en');
}
