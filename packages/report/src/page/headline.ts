import { scaleLinear } from 'd3-scale';
import type { ReportData, ReportEntry } from '../report-data.js';
import { element } from './element.js';
import { formatBytes, formatCount, formatShare } from './format.js';
import { section } from './section.js';

const TICKS = 5;

/** Before and after, in bytes and entries, and whether it was verified. */
export function headline(data: ReportData & { readonly entries: readonly ReportEntry[] }): HTMLElement {
  const { entries } = data;
  const kept = entries.filter(({ state }) => state !== 'removed');
  const sum = (list: readonly ReportEntry[]) => list.reduce((all, { sizeBytes }) => all + sizeBytes, 0);
  const before = data.source.sizeBytes ?? sum(entries);
  const after = data.result.sizeBytes ?? sum(kept.filter(({ state }) => state === 'kept'));
  const scale = scaleLinear().domain([0, before]).range([0, 100]);
  const bar = (label: string, sizeBytes: number, name: string) =>
    element(
      'div',
      { class: 'bar-row' },
      element('span', { class: 'bar-label' }, label),
      element(
        'span',
        { class: 'bar-track' },
        element('span', { class: `bar ${name}`, style: `width: ${scale(sizeBytes).toFixed(2)}%` }),
      ),
      element('strong', {}, formatBytes(sizeBytes)),
    );
  const axis = element(
    'div',
    { class: 'axis', 'aria-hidden': 'true' },
    ...scale
      .ticks(TICKS)
      .map((tick) =>
        element(
          'span',
          { style: `left: ${scale(tick).toFixed(2)}%` },
          tick === 0 ? '0' : formatBytes(tick).replace('.0 ', ' '),
        ),
      ),
  );
  return section(
    'sizes',
    'Sizes',
    element(
      'p',
      { class: 'headline' },
      `${formatBytes(before)} → ${formatBytes(after)} `,
      element('span', {}, `(${formatShare(after, before)})`),
    ),
    bar('source', before, 'bar-source'),
    bar('result', after, 'bar-result'),
    axis,
    element(
      'dl',
      { class: 'facts' },
      ...facts([
        ['entries', entriesText(data, kept.length)],
        ['verified', data.verdict ?? 'not known'],
        ['source', `${data.source.reference ?? ''} ${data.source.id}`.trim()],
        ['result', `${data.result.reference ?? ''} ${data.result.id}`.trim()],
      ]),
    ),
  );
}

/** As the summary of a shrink tells it. */
function entriesText(
  { entries, generated }: Pick<ReportData, 'generated'> & { readonly entries: readonly ReportEntry[] },
  kept: number,
): string {
  const written = generated.length === 0 ? '' : `, and ${formatCount(generated.length)} for scanners`;
  return `${formatCount(entries.length)} → ${formatCount(kept)}${written}`;
}

function facts(rows: readonly (readonly [string, string])[]): readonly HTMLElement[] {
  return rows.map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, value)));
}
