import type { ListingDifference } from '@keepset/manifest';
import { markdownTable, toMarkdown } from '@keepset/report';
import type { Condition } from './conditions.js';
import type { Changes, Facts } from './facts.js';
import { formatBytes, signedBytes } from './sizes.js';

/** How a run ended, for the summary. */
export type Outcome =
  | {
      readonly kind: 'made';
      readonly facts: Facts;
      readonly changes: Changes | undefined;
      /** Why there is nothing to compare with, where there ought to be. */
      readonly notCompared: string | undefined;
      /** Of `fail-if`, those that hold. */
      readonly failed: readonly Condition[];
    }
  | {
      readonly kind: 'failed';
      readonly exitStatus: number;
      /** The end of what keepset said. */
      readonly lines: readonly string[];
    };

const DIFFERENT = 3;
const ROWS_MAX = 10;

/** The summary of a run, in Markdown. Names and paths are others' text. */
export function toSummary(outcome: Outcome, image: string | undefined): string {
  const title = `### keepset: ${toMarkdown(image ?? 'keepset.yaml')}\n\n`;
  if (outcome.kind === 'failed') {
    const verdict =
      outcome.exitStatus === DIFFERENT
        ? 'Refused: the result does not behave like the source.'
        : `No image was made (exit status ${outcome.exitStatus}).`;
    const lines = outcome.lines.map((line) => `> ${toMarkdown(line)}  \n`).join('');
    return `${title}${verdict}\n\n${lines}`;
  }
  const { facts, changes, notCompared, failed } = outcome;
  const conditions = failed.map(({ text }) => `- fail-if: ${toMarkdown(text)}\n`).join('');
  const since =
    changes === undefined ? `${notCompared ?? 'No earlier run to compare with.'}\n` : sinceThen(changes);
  return `${title}${factsTable(facts)}\n${conditions === '' ? '' : `**Failed**\n\n${conditions}\n`}${since}`;
}

function factsTable({ source, result, ratio, verdict, entries }: Facts): string {
  const rows = [
    ['size', formatBytes(source.sizeBytes), formatBytes(result.sizeBytes), `${(100 * ratio).toFixed(1)} %`],
    ['entries', String(entries.source), String(entries.result), ''],
    ['name', toMarkdown(source.reference ?? ''), toMarkdown(result.reference ?? ''), toMarkdown(verdict)],
  ];
  const names = [
    `ID ${toMarkdown(result.id)}`,
    ...(result.digest === undefined ? [] : [`digest ${toMarkdown(result.digest)}`]),
  ];
  return `${markdownTable(['', 'source', 'result', ''], rows, { numbers: true })}\n${names.join(', ')}\n`;
}

function sinceThen({ before, difference, growth }: Changes): string {
  const share = before.result.sizeBytes === 0 ? '' : ` (${signedPercent(growth / before.result.sizeBytes)})`;
  const { added, removed, changed } = difference;
  const counts = `${added.paths} paths added, ${removed.paths} removed, ${changed.paths} changed`;
  return `**Since the last run**: ${signedBytes(growth)}${share}; ${counts}\n${packageTable(difference)}${pathTable(difference)}`;
}

function signedPercent(share: number): string {
  return `${share < 0 ? '−' : '+'}${Math.abs(100 * share).toFixed(1)} %`;
}

function packageTable({ packages = [] }: ListingDifference): string {
  const named = packages.filter((each) => each.package !== undefined);
  if (named.length === 0) return '';
  const rows = named.slice(0, ROWS_MAX).map(({ package: name = '', kind, before, after, deltaBytes }) => {
    const [from, to] = [before, after].map((side) => side?.versions.join(' ') ?? '');
    const version = from && to && from !== to ? `${from} → ${to}` : to || from || '';
    return [toMarkdown(name), toMarkdown(version), kind, signedBytes(deltaBytes)];
  });
  return `\n${markdownTable(['package', 'version', 'change', 'size'], rows)}${andMore(named.length)}`;
}

function pathTable({ changes }: ListingDifference): string {
  if (changes.size === 0) return '';
  const rows: string[][] = [];
  for (const { path, kind, deltaBytes } of changes.values()) {
    if (rows.length === ROWS_MAX) break;
    const size = deltaBytes === undefined ? '' : signedBytes(deltaBytes);
    rows.push([toMarkdown(Buffer.from(path, 'latin1').toString()), kind, size]);
  }
  const table = `${markdownTable(['path', 'change', 'size'], rows)}${andMore(changes.size)}`;
  return `\n<details><summary>Paths</summary>\n\n${table}\n</details>\n`;
}

function andMore(count: number): string {
  return count > ROWS_MAX ? `\n… and ${count - ROWS_MAX} more\n` : '';
}
