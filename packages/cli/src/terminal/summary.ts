import { styleText } from 'node:util';
import { countCalls } from '@keepset/hardening';
import { type LargestPackages, largestPackages, printWarning } from '@keepset/manifest';
import type { ShrinkResult } from '@keepset/shrinker';
import type { ShrinkArguments } from '../inputs/to-shrink-arguments.js';
import { checking, describeProof, masking, proofJson } from './describe-proof.js';
import { describeWarnings } from './describe-warnings.js';
import { entriesText } from './entries-text.js';
import { formatBytes } from './format-bytes.js';
import { plainLine } from './plain-text.js';
import { quoteWords } from './quote-words.js';
import { rightsText } from './rights/rights-text.js';
import { verdictText } from './verdict-text.js';

/** What of the command line shows in the summary. */
export type SummarizedArguments = Pick<
  ShrinkArguments,
  | 'tags'
  | 'command'
  | 'runs'
  | 'from'
  | 'runArguments'
  | 'outputs'
  | 'manifestFile'
  | 'reportFile'
  | 'remainder'
> & { readonly harden?: ShrinkArguments['harden'] };

/** Where the summary is shown. */
export interface SummaryOptions {
  readonly columns: number;
  readonly colored: boolean;
}

/** Of those kept, and of those removed. */
const PACKAGES_SHOWN = 5;

/** What `--json` prints: everything that the text says. */
export function toJson(result: ShrinkResult, command: SummarizedArguments): object {
  const { manifest } = result;
  const [run] = manifest.runs;
  const packages = largestPackages(manifest, PACKAGES_SHOWN);
  return {
    id: result.id,
    tags: command.tags,
    source: {
      reference: manifest.source.reference,
      id: manifest.source.id,
      sizeBytes: result.sourceBytes,
      entries: result.sourceEntries,
    },
    result: {
      sizeBytes: result.resultBytes,
      entries: result.keptEntries,
      generatedEntries: result.generatedEntries,
      layerDigest: manifest.result.layerDigest,
    },
    share: result.resultBytes / result.sourceBytes,
    ...(run && { run: { command: run.command, exitStatus: run.exitStatus, seconds: result.runSeconds } }),
    ...proofJson(result),
    ...(result.hardening && {
      hardening: {
        calls: countCalls(result.hardening),
        rights: result.hardening,
        folder: command.harden?.folder,
      },
    }),
    ...(packages && {
      largestPackages: { kept: packages.kept.map(packageJson), removed: packages.removed.map(packageJson) },
    }),
    warnings: manifest.plan.warnings.map(printWarning),
    listedDirectories: manifest.plan.listed.length,
    outputs: command.outputs.map(({ type, destination }) => ({ type, destination })),
    next: nextCommands(command).map(([, line]) => line),
    stages: secondsByStage(result),
  };
}

type PackageRow = LargestPackages['kept'][number];

function packageJson({ package: { name, purl }, paths, sizeBytes }: PackageRow): object {
  return { name, purl, files: paths, sizeBytes };
}

/** The last lines of a shrink, for people. */
export function toText(
  result: ShrinkResult,
  command: SummarizedArguments,
  { columns, colored }: SummaryOptions,
): string {
  const { sourceBytes, resultBytes, manifest } = result;
  const width = columns - TITLE_WIDTH;
  const percent = ((100 * resultBytes) / sourceBytes).toFixed(1);
  const size = `${formatBytes(sourceBytes)} → ${formatBytes(resultBytes)} (${percent} %)`;
  const packages = largestPackages(manifest, PACKAGES_SHOWN);
  const rows = [
    ['size', `${size}${bar(resultBytes / sourceBytes, { columns: width - size.length, colored })}`],
    [
      'entries',
      entriesText(result.sourceEntries, { kept: result.keptEntries, generated: result.generatedEntries }),
    ],
    ...(packages === undefined
      ? []
      : [
          ['kept', packageLines(packages.kept, width)],
          ['removed', packageLines(packages.removed, width)],
        ]),
    ['verified', verdictText(result.verification)],
    ...[...masking(result), ...checking(result)].map((row) => row.map(plainLine)),
    ...(result.hardening === undefined ? [] : [['rights', plainLine(rightsText(result.hardening))]]),
    ...(command.harden?.folder === undefined ? [] : [['written', `${command.harden.folder} (rights)`]]),
    ...(command.remainder === undefined
      ? []
      : [['whole', `${command.remainder}: the result, and the rest above it`]]),
    ...command.outputs.map(({ type, destination }) => ['written', `${destination} (${type})`]),
    ...(command.reportFile === undefined ? [] : [['written', `${command.reportFile} (report)`]]),
    ...nextCommands(command),
  ];
  const warnings = [
    ...describeProof(result),
    ...describeWarnings(manifest.plan, {
      listedPolicy: result.listed,
      packageNames: result.packageNames,
    }),
  ];
  return [
    ...warnings.map((line) => `keepset: ${plainLine(line)}\n`),
    ...rows.map(([name = '', value = '']) => `${name.padEnd(TITLE_WIDTH)}${value}\n`),
  ].join('');
}

const TITLE_WIDTH = 10;

/** What one does next: a title, and a line for a shell. */
function nextCommands(command: SummarizedArguments): readonly (readonly [title: string, line: string])[] {
  const { tags, runs, runArguments, manifestFile, reportFile } = command;
  const [name] = tags;
  const words = runs[0]?.command ?? command.command;
  const commands: [string, string[]][] = [];
  if (manifestFile !== undefined && reportFile === undefined)
    commands.push(['look', ['keepset', 'report', '-o', 'report.html', manifestFile]]);
  // A saved trace tells its command with the image's ENTRYPOINT, not as one asks for it.
  if (name !== undefined && command.from === undefined)
    commands.push(['run it', ['docker', 'run', '--rm', ...runArguments, name, ...words]]);
  return commands.map(([title, line]) => [title, plainLine(quoteWords(line))]);
}

const BAR_MIN_COLUMNS = 10;
const BAR_MAX_COLUMNS = 30;
const BAR_GAP = '  ';

/** What is left of the whole, as far as there is room for it. */
function bar(share: number, { columns, colored }: SummaryOptions): string {
  const length = Math.min(BAR_MAX_COLUMNS, columns - BAR_GAP.length);
  if (length < BAR_MIN_COLUMNS) return '';
  const kept = Math.min(length, Math.max(1, Math.round(share * length)));
  const paint = (style: 'green' | 'dim', text: string) =>
    colored ? styleText(style, text, { validateStream: false }) : text;
  return `${BAR_GAP}${paint('green', '█'.repeat(kept))}${paint('dim', '░'.repeat(length - kept))}`;
}

/** In as many lines as they need. */
function packageLines(rows: readonly PackageRow[], width: number): string {
  const lines: string[] = [];
  for (const { package: own, sizeBytes } of rows) {
    const text = `${plainLine(own.name)} ${formatBytes(sizeBytes)}`;
    const last = lines.at(-1);
    if (last !== undefined && last.length + text.length + SEPARATOR.length < width)
      lines[lines.length - 1] = `${last}${SEPARATOR}${text}`;
    else lines.push(text);
  }
  return lines.join(`,\n${' '.repeat(TITLE_WIDTH)}`) || 'nothing of a package';
}

const SEPARATOR = ', ';

/** A stage may come more than once: with several runs, with repairs. */
function secondsByStage({ stages }: ShrinkResult): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const { stage, seconds } of stages) sums[stage] = (sums[stage] ?? 0) + seconds;
  return sums;
}
