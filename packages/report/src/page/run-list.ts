import type { ReportCheck, ReportData, ReportEntry, ReportRun } from '../report-data.js';
import { element } from './element.js';
import { formatBytes, formatCount } from './format.js';
import { processTree } from './process-tree.js';
import { quoteWord } from './quote-word.js';
import { section } from './section.js';

/** The commands, as they were run, and how they ended. */
export function runList(data: ReportData & { readonly entries: readonly ReportEntry[] }): HTMLElement {
  const { runs, checks = [], repairs, varying, notCompared } = data;
  return section(
    'runs',
    'Runs',
    ...(runs.length === 0 ? [element('p', {}, 'Nothing was run: the result is what a keep list says.')] : []),
    ...runs.map((run) => runArticle(run, processTree(run, data))),
    ...checks.map(checkArticle),
    ...listUnder('Repairs: what the first result lacked', repairs),
    ...listUnder('Varies by itself: the rest of it is the same', varying),
    ...listUnder('Not compared', notCompared),
  );
}

function listUnder(
  title: string,
  lines: readonly string[],
  heading: 'h3' | 'h4' = 'h3',
): readonly HTMLElement[] {
  if (lines.length === 0) return [];
  const items = lines.map((line) => element('li', {}, line));
  return [element(heading, {}, title), element('ul', { class: 'paths' }, ...items)];
}

function checkArticle({ name, command, same, missing }: ReportCheck): HTMLElement {
  return element(
    'article',
    {},
    element('h3', {}, `${name} (not traced)`),
    element('pre', { tabindex: 0 }, command.map(quoteWord).join(' ')),
    factList([['checked', same ? 'does the same in the result' : 'does otherwise in the result']]),
    ...listUnder('What the result lacks for it', missing, 'h4'),
  );
}

function runArticle(run: ReportRun, processes: readonly HTMLElement[]): HTMLElement {
  const { name, command, exitStatus, stdoutBytes, stderrBytes, user, traceLines } = run;
  const facts: readonly Fact[] = [
    ['exit status', exitStatus === undefined ? undefined : String(exitStatus)],
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
    factList(facts),
    ...processes,
  );
}

type Fact = readonly [title: string, value: string | undefined];

function factList(facts: readonly Fact[]): HTMLElement {
  return element(
    'dl',
    { class: 'facts' },
    ...facts.flatMap(([title, value]) =>
      value === undefined ? [] : [element('div', {}, element('dt', {}, title), element('dd', {}, value))],
    ),
  );
}
