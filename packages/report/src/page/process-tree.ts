import type { ReportData, ReportEntry, ReportProcess, ReportRun } from '../report-data.js';
import { element } from './element.js';
import { formatCount } from './format.js';
import { quoteWord } from './quote-word.js';
import { isSharedLibrary } from './shared-library.js';

/** Of a run's processes, so that a page of it can be read. */
const SHOWN_PROCESSES = 500;

type Programs = Pick<ReportData, 'programs'> & { readonly entries: readonly ReportEntry[] };

/** The processes of a run as they made each other, each with the libraries that its program was the first to load. */
export function processTree(
  { processes = [] }: ReportRun,
  { programs, entries }: Programs,
): readonly HTMLElement[] {
  if (processes.length === 0) return [];
  const libraries = programs.map(() => 0);
  for (const entry of entries.filter(isSharedLibrary)) {
    for (const place of entry.programs) libraries[place] = (libraries[place] ?? 0) + 1;
  }
  const shown = processes.slice(0, SHOWN_PROCESSES);
  const known = new Set(shown.map(({ pid }) => pid));
  const childrenOf = Map.groupBy(shown, ({ parent }) =>
    parent !== undefined && known.has(parent) ? parent : -1,
  );

  const item = (process: ReportProcess): HTMLElement => {
    const words = process.programs.map((place) => {
      const program = programs[place];
      const text = program?.words.map(quoteWord).join(' ') || program?.path || '';
      const loaded = libraries[place] ?? 0;
      return [element('code', {}, text), loaded === 1 ? ' 1 library' : ` ${formatCount(loaded)} libraries`];
    });
    const children = childrenOf.get(process.pid) ?? [];
    return element(
      'li',
      {},
      element('small', {}, `${process.pid} `),
      ...(words.length === 0
        ? ['as its parent']
        : words.flatMap((each, index) => (index === 0 ? each : [', then ', ...each]))),
      ...(children.length === 0 ? [] : [element('ul', {}, ...children.map(item))]),
    );
  };
  const rest = processes.length - shown.length;
  return [
    element(
      'details',
      {},
      element('summary', {}, `${formatCount(processes.length)} processes`),
      element('ul', { class: 'processes' }, ...(childrenOf.get(-1) ?? []).map(item)),
      ...(rest > 0 ? [element('p', {}, `and ${formatCount(rest)} more`)] : []),
    ),
  ];
}
