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

const amount = (
  title: string,
  of: (row: ReportPackage) => ReportPackage['used'],
): readonly TableColumn<ReportPackage>[] => [
  { title: `${title} files`, value: (row) => of(row).files, text: (row) => formatCount(of(row).files) },
  { title, value: (row) => of(row).sizeBytes, text: (row) => formatBytes(of(row).sizeBytes) },
];

const COLUMNS: readonly TableColumn<ReportPackage>[] = [
  { title: 'Package', value: ({ name }) => name },
  { title: 'Kind', value: ({ ecosystem }) => ecosystem },
  { title: 'Version', value: ({ version }) => version },
  ...amount('Used', ({ used }) => used),
  ...amount('Kept', ({ kept }) => kept),
  ...amount('Installed', ({ installed }) => installed),
  { title: 'Runs', value: ({ runs }) => runs.join(', ') },
];
