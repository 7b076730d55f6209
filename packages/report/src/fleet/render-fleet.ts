import { markdownTable, toMarkdown } from '../markdown.js';
import { formatBytes, formatCount, formatShare } from '../page/format.js';
import type { FleetReportData, FleetReportSharing, FleetReportTask } from './fleet-report-data.js';
import { PAGE_STYLE } from './page-style.js';

/** A table of a report, in plain text. */
interface ReportTable {
  readonly title: string;
  readonly columns: readonly string[];
  /** The first column of numbers; they stand to the right from there on. */
  readonly numbersFrom: number;
  readonly rows: readonly (readonly string[])[];
}

/**
 * A report over a fleet as one HTML page that needs nothing else and asks for nothing. The same data gives the same page.
 *
 * @example await writeFile('fleet.html', fleetPage(data))
 */
export function fleetPage(data: FleetReportData): string {
  const tables = tablesOf(data).map(
    ({ title, columns, numbersFrom, rows }) =>
      `<h2>${escaped(title)}</h2>\n<table><thead>${row(columns, 'th', numbersFrom)}</thead><tbody>\n${rows
        .map((cells) => row(cells, 'td', numbersFrom))
        .join('')}</tbody></table>\n`,
  );
  const causes = data.causes.map(
    ({ code, message, hint, names }) =>
      `<li><strong>${names.length} × ${escaped(code)}</strong> ${escaped(message)}${hint === undefined ? '' : `<br>${escaped(hint)}`}<br>${escaped(names.join(', '))}</li>\n`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width"><title>${escaped(data.title)}</title>
<style>${PAGE_STYLE}</style></head><body>
<h1>${escaped(data.title)}</h1>
${linesOf(data)
  .map((line) => `<p>${escaped(line)}</p>\n`)
  .join(
    '',
  )}${causes.length === 0 ? '' : `<h2>Why tasks came to no result</h2>\n<ul>${causes.join('')}</ul>\n`}${tables.join('')}</body></html>
`;
}

/** The same in Markdown. */
export function fleetMarkdown(data: FleetReportData): string {
  const causes = data.causes.map(
    ({ code, message, names }) =>
      `- ${names.length} × ${toMarkdown(code)}: ${toMarkdown(message)} (${toMarkdown(names.join(', '))})\n`,
  );
  const tables = tablesOf(data).map(
    ({ title, columns, rows }) =>
      `## ${title}\n\n${markdownTable(
        columns,
        rows.map((cells) => cells.map(toMarkdown)),
      )}\n`,
  );
  const lines = linesOf(data).map((line) => `${toMarkdown(line)}\n\n`);
  return `# ${toMarkdown(data.title)}\n\n${lines.join('')}${
    causes.length === 0 ? '' : `## Why tasks came to no result\n\n${causes.join('')}\n`
  }${tables.join('')}`;
}

/** What it comes to, each a paragraph. */
function linesOf(data: FleetReportData): readonly string[] {
  return [headlineOf(data), ...(data.sharing === undefined ? [] : [sharingLine(data.sharing)])];
}

function sharingLine({ results, made, layers, sizeBytes, sharedBytes }: FleetReportSharing): string {
  const share = formatShare(sharedBytes, sizeBytes);
  return `${formatCount(layers)} shared layers: ${formatCount(results)} results of ${formatBytes(sizeBytes)} take ${formatBytes(sharedBytes)} where they share them (${share}); ${formatCount(made)} were made so`;
}

function headlineOf({ tasks }: FleetReportData): string {
  const made = tasks.flatMap(({ sizes }) => sizes ?? []);
  const [source, result] = [sum(made.map((each) => each.source)), sum(made.map((each) => each.result))];
  const states = new Map<string, number>();
  for (const { state } of tasks) states.set(state, (states.get(state) ?? 0) + 1);
  const counts = [...states].map(([state, count]) => `${formatCount(count)} ${state}`).join(', ');
  const sizes =
    made.length === 0
      ? ''
      : `; ${formatBytes(source)} → ${formatBytes(result)} (${formatShare(result, source)})`;
  return `${formatCount(tasks.length)} tasks: ${counts}${sizes}`;
}

function tablesOf({ tasks, packages, rounds }: FleetReportData): readonly ReportTable[] {
  return [
    {
      title: 'Tasks',
      columns: ['task', 'image', 'state', '', 'source', 'result', 'share', 'seconds'],
      numbersFrom: 4,
      rows: tasks.map(taskRow),
    },
    {
      title: 'Rounds',
      columns: ['round', 'begun', 'on', 'tasks', 'done', 'failed', 'source', 'result'],
      numbersFrom: 3,
      rows: rounds.map(({ number, startedAt, on, tasks: count, done, failed, sizes }) => [
        ...[String(number), startedAt, on, formatCount(count), formatCount(done), formatCount(failed)],
        ...[formatBytes(sizes.source), formatBytes(sizes.result)],
      ]),
    },
    ...(packages === undefined
      ? []
      : [
          {
            title: 'Packages of all results',
            columns: ['package', 'ecosystem', 'versions', 'results', 'size'],
            numbersFrom: 3,
            rows: packages.map(({ name, ecosystem, versions, results, sizeBytes }) => [
              ...[name, ecosystem, versions.join(' ')],
              ...[formatCount(results), formatBytes(sizeBytes)],
            ]),
          },
        ]),
  ];
}

function taskRow({ name, image, state, said, exceeds, sizes, seconds }: FleetReportTask): readonly string[] {
  return [
    ...[name, image, state, [said, ...exceeds.map((what) => `over: ${what}`)].filter(Boolean).join(', ')],
    ...(sizes === undefined
      ? ['', '', '']
      : [formatBytes(sizes.source), formatBytes(sizes.result), formatShare(sizes.result, sizes.source)]),
    seconds === undefined ? '' : seconds.toFixed(1),
  ];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function row(cells: readonly string[], tag: 'th' | 'td', numbersFrom: number): string {
  const all = cells.map(
    (cell, index) => `<${tag}${index >= numbersFrom ? ' class="number"' : ''}>${escaped(cell)}</${tag}>`,
  );
  return `<tr>${all.join('')}</tr>\n`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** As text of HTML; what would act on the direction of text, or is no text, is shown by its number. */
function escaped(text: string): string {
  return text
    .replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '')
    .replace(
      /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu,
      (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
}
