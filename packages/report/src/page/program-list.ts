import type { ReportData, ReportEntry } from '../report-data.js';
import { element } from './element.js';
import { formatBytes, formatCount } from './format.js';
import { quoteWord } from './quote-word.js';
import { section } from './section.js';
import { isSharedLibrary } from './shared-library.js';

/** Under a program, so that a page of it can be read. */
const SHOWN_PATHS = 100;

/** The programs that the runs executed, each with what it met first and the libraries that it loaded. */
export function programList({
  programs,
  entries,
}: ReportData & { readonly entries: readonly ReportEntry[] }): HTMLElement {
  const met = programs.map((): ReportEntry[] => []);
  for (const entry of entries) for (const index of entry.programs) met[index]?.push(entry);
  const rows = programs
    .map((program, index) => {
      const files = (met[index] ?? []).filter(({ type }) => type === 'file');
      return { program, files, sizeBytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) };
    })
    .sort((one, other) => other.sizeBytes - one.sizeBytes);
  if (rows.length === 0)
    return section('programs', 'Programs', element('p', {}, 'The manifest names no program.'));
  return section(
    'programs',
    'Programs',
    element('p', { class: 'hint' }, 'What each program was the first to do something with.'),
    ...rows.map(({ program, files, sizeBytes }) => {
      const largest = [...files].sort((one, other) => other.sizeBytes - one.sizeBytes);
      const libraries = largest.filter(isSharedLibrary);
      const others = largest.filter((file) => !isSharedLibrary(file));
      return element(
        'details',
        {},
        element(
          'summary',
          {},
          element('code', {}, program.words.map(quoteWord).join(' ') || program.path),
          ` ${formatCount(files.length)} files, ${formatBytes(sizeBytes)}`,
        ),
        pathList('Shared libraries', libraries),
        pathList('Other files', others),
      );
    }),
  );
}

function pathList(title: string, files: readonly ReportEntry[]): HTMLElement {
  const rest = files.length - SHOWN_PATHS;
  return element(
    'div',
    {},
    element('h3', {}, `${title} (${formatCount(files.length)})`),
    element(
      'ul',
      { class: 'paths' },
      ...files
        .slice(0, SHOWN_PATHS)
        .map(({ path, sizeBytes }) =>
          element('li', {}, `${path} `, element('small', {}, formatBytes(sizeBytes))),
        ),
      ...(rest > 0 ? [element('li', {}, `and ${formatCount(rest)} more`)] : []),
    ),
  );
}
