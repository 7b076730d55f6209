import type { ReportData } from '../report-data.js';
import { element } from './element.js';
import { section } from './section.js';

/** What keepset warned of. */
export function warningList({ warnings }: ReportData): HTMLElement {
  return section(
    'warnings',
    'Warnings',
    warnings.length === 0
      ? element('p', {}, 'None.')
      : element('ul', {}, ...warnings.map((warning) => element('li', {}, warning))),
  );
}
