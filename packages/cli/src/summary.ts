import { printWarning, type ShrinkResult } from '@keepset/shrinker';
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
    keep,
    outputs,
  }: Pick<ShrinkCommand, 'tags' | 'command' | 'runArguments' | 'keep' | 'outputs'>,
): string {
  const [name] = tags;
  const percent = ((100 * result.resultBytes) / result.sourceBytes).toFixed(1);
  const rows = [
    ['size', `${formatBytes(result.sourceBytes)} → ${formatBytes(result.resultBytes)} (${percent} %)`],
    ['entries', `${count(result.sourceFiles)} → ${count(result.keptFiles)}`],
    ['verified', result.verified ? 'yes: the same exit status and output' : 'no'],
    ...outputs.map(({ type, destination }) => ['written', `${destination} (${type})`]),
    ...(name === undefined
      ? []
      : [['run it', quoteWords(['docker', 'run', '--rm', ...runArguments, name, ...command])]]),
  ];
  const warnings = describeWarnings(result.manifest.plan, { listedPolicy: keep.listed }).map(
    (line) => `keepset: ${line}\n`,
  );
  return [...warnings, ...rows.map(([name = '', value = '']) => `${name.padEnd(10)}${value}\n`)].join('');
}

function count(number: number): string {
  return number.toLocaleString('en');
}
