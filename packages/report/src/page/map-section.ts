import type { ReportData, ReportEntry } from '../report-data.js';
import { element } from './element.js';
import { FILE_KINDS, KIND_TITLES } from './file-kind.js';
import { type MapNode, treeByFolder, treeByPackage } from './file-tree.js';
import type { MapSide } from './lay-out-map.js';
import { MapView } from './map-view.js';
import { section } from './section.js';

/**
 * The map of source and result, with its switches.
 *
 * @param onFile  told of a file that was chosen
 */
export function mapSection(
  { entries, packages }: ReportData & { readonly entries: readonly ReportEntry[] },
  onFile: (path: string) => void,
): HTMLElement {
  const view = new MapView(treeByFolder(entries), onFile);
  const trees: Record<string, () => MapNode> = {
    folder: () => treeByFolder(entries),
    package: () => treeByPackage(entries, packages ?? []),
  };
  const sides = choice('map-side', 'Show', ['source', 'result'], (side) => view.showSide(side as MapSide));
  const groupings = choice(
    'map-by',
    'by',
    packages === undefined ? ['folder'] : ['folder', 'package'],
    (by) => view.showTree((trees[by] as () => MapNode)()),
  );
  return section(
    'map',
    'Map',
    element(
      'p',
      { class: 'hint' },
      'An area is as large as its bytes. Click, or press Enter, to go in; Escape goes out; arrow keys go to the neighbours.',
    ),
    element('div', { class: 'switches' }, sides, groupings, legend()),
    view.element,
  );
}

function choice(
  name: string,
  title: string,
  values: readonly string[],
  onChange: (value: string) => void,
): HTMLElement {
  return element(
    'fieldset',
    {},
    element('legend', {}, title),
    ...values.map((value, index) => {
      const input = element('input', { type: 'radio', name, value, ...(index === 0 && { checked: true }) });
      input.addEventListener('change', () => onChange(value));
      return element('label', {}, input, ` ${value}`);
    }),
  );
}

function legend(): HTMLElement {
  const item = (name: string, title: string) =>
    element('span', {}, element('span', { class: `swatch ${name}` }), ` ${title}`);
  return element(
    'p',
    { class: 'legend' },
    'kept (filled from below):',
    ...FILE_KINDS.map((kind) => item(kind, KIND_TITLES[kind])),
    item('removed', 'removed (hatched)'),
  );
}
