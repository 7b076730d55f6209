import type { ReportData, ReportPackage } from '../report-data.js';
import { element } from './element.js';
import { formatBytes, formatCount } from './format.js';
import { section } from './section.js';
import { sortableTable, type TableColumn } from './sortable-table.js';

/** The packages of the source, and how much of each was used and kept. */
export function packageTable({ packages }: ReportData): HTMLElement {
  if (packages === undefined)
    return section('packages', 'Packages', element('p', {}, 'The manifest does not tell of packages.'));
  return section(
    'packages',
    'Packages',
    sortableTable({
      caption: 'Packages of the source',
      columns: COLUMNS,
      rows: packages,
      sortedBy: COLUMNS.findIndex(({ title }) => title === 'Kept'),
      searched: ({ name, ecosystem, version }) => `${ecosystem}:${name} ${version}`,
    }),
  );
}

type Side = 'kept' | 'used' | 'installed';

const bytes = (title: string, side: Side): TableColumn<ReportPackage> => ({
  title,
  value: (row) => row[side].sizeBytes,
  text: (row) => formatBytes(row[side].sizeBytes),
});
const files = (title: string, side: Side): TableColumn<ReportPackage> => ({
  title,
  value: (row) => row[side].files,
  text: (row) => formatCount(row[side].files),
});

/** What matters most first: a narrow screen shows three. */
const COLUMNS: readonly TableColumn<ReportPackage>[] = [
  { title: 'Package', value: ({ name }) => name },
  bytes('Kept', 'kept'),
  bytes('Used', 'used'),
  bytes('Installed', 'installed'),
  files('Kept files', 'kept'),
  files('Used files', 'used'),
  files('Installed files', 'installed'),
  { title: 'Kind', value: ({ ecosystem }) => ecosystem },
  { title: 'Version', value: ({ version }) => version },
  { title: 'Runs', value: ({ runs }) => runs.join(', ') },
];
