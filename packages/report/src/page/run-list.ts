import type { ReportData, ReportRun } from '../report-data.js';
import { element } from './element.js';
import { formatBytes, formatCount } from './format.js';
import { section } from './section.js';

/** The commands, as they were run, and how they ended. */
export function runList({ runs, verified }: ReportData): HTMLElement {
  if (runs.length === 0)
    return section('runs', 'Runs', element('p', {}, 'Nothing was run: the result is what a keep list says.'));
  return section('runs', 'Runs', ...runs.map((run) => runArticle(run, verified)));
}

function runArticle(run: ReportRun, verified: boolean | undefined): HTMLElement {
  const { name, command, exitStatus, stdoutBytes, stderrBytes, user, traceLines } = run;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['exit status', exitStatus === undefined ? undefined : String(exitStatus)],
    [
      'verified',
      verified === undefined ? undefined : verified ? 'same status and output in the result' : 'no',
    ],
    ['standard output', stdoutBytes === undefined ? undefined : formatBytes(stdoutBytes)],
    ['standard error', stderrBytes === undefined ? undefined : formatBytes(stderrBytes)],
    ['user', user],
    ['trace', traceLines === undefined ? undefined : `${formatCount(traceLines)} lines`],
  ];
  return element(
    'article',
    {},
    element('h3', {}, name),
    element('pre', { tabindex: 0 }, command.map(quoteWord).join(' ')),
    element(
      'dl',
      { class: 'facts' },
      ...facts.flatMap(([title, value]) =>
        value === undefined ? [] : [element('div', {}, element('dt', {}, title), element('dd', {}, value))],
      ),
    ),
  );
}

const PLAIN = /^[\w@%+=:,./-]+$/;

/** For a POSIX shell, quoted only where it must be. */
export function quoteWord(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
