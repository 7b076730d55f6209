import type { ReportData, ReportEntry } from '../report-data.js';
import { element } from './element.js';
import { formatBytes } from './format.js';
import { section } from './section.js';
import { isSharedLibrary } from './shared-library.js';
import { sortableTable } from './sortable-table.js';

/** The shared libraries in the result, and who was the first to load each. */
export function libraryTable({
  entries,
  packages = [],
  programs,
}: ReportData & { readonly entries: readonly ReportEntry[] }): HTMLElement {
  const libraries = entries.filter((entry) => entry.state === 'kept' && isSharedLibrary(entry));
  if (libraries.length === 0)
    return section('libraries', 'Shared libraries', element('p', {}, 'The result has none.'));
  return section(
    'libraries',
    'Shared libraries',
    sortableTable({
      caption: 'Shared libraries in the result',
      columns: [
        { title: 'Library', value: ({ path }: ReportEntry) => path },
        {
          title: 'Size',
          value: ({ sizeBytes }) => sizeBytes,
          text: ({ sizeBytes }) => formatBytes(sizeBytes),
        },
        {
          title: 'Package',
          value: ({ owners }) => owners.map((index) => packages[index]?.name ?? '').join(', '),
        },
        {
          title: 'Met by',
          value: ({ programs: met }) => nameOf(met.map((index) => programs[index]?.path ?? '')),
        },
      ],
      rows: libraries,
      sortedBy: 1,
      searched: ({ path }) => path,
    }),
  );
}

function nameOf(paths: readonly string[]): string {
  return [...new Set(paths.map((path) => path.slice(path.lastIndexOf('/') + 1)))].join(', ');
}
