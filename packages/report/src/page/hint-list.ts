import type { ReportData } from '../report-data.js';
import { element } from './element.js';
import { section } from './section.js';

/** What can be done next, each with its line for a shell. */
export function hintList({ hints }: ReportData): HTMLElement {
  return section(
    'next',
    'What next',
    ...(hints.length === 0 ? [element('p', {}, 'Nothing is proposed.')] : []),
    ...hints.flatMap(({ does, line }) => [element('p', {}, does), element('pre', { tabindex: 0 }, line)]),
  );
}
