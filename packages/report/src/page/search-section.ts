import type { ReportData, ReportEntry } from '../report-data.js';
import { element } from './element.js';
import { fileKind } from './file-kind.js';
import { formatBytes, formatCount } from './format.js';
import { type SearchedEntry, searchPaths } from './search-paths.js';
import { section } from './section.js';

const SHOWN_RESULTS = 50;

/**
 * Find any path of the source, and tell why it was kept.
 *
 * @returns the section, and how another part of the page shows a path in it
 */
export function searchSection(data: ReportData & { readonly entries: readonly ReportEntry[] }): {
  readonly section: HTMLElement;
  readonly show: (path: string) => void;
} {
  const entries = searchedEntries(data);
  const input = element('input', {
    type: 'search',
    id: 'search-input',
    placeholder: 'libssl, /usr/lib/R, …',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  const count = element('p', { role: 'status', class: 'hint' });
  const results = element('ul', { class: 'results' });
  const detail = element('div', { class: 'detail', 'aria-live': 'polite' });

  const choose = (entry: SearchedEntry) => detail.replaceChildren(...explained(entry, data));
  input.addEventListener('input', () => {
    const found = searchPaths(entries, input.value);
    results.replaceChildren(
      ...found.slice(0, SHOWN_RESULTS).map((entry) => {
        const button = element(
          'button',
          { type: 'button' },
          element('span', { class: stateClass(entry) }, entry.state),
          ` ${entry.path} `,
          element('small', {}, entry.type === 'file' ? formatBytes(entry.sizeBytes) : entry.type),
        );
        button.addEventListener('click', () => choose(entry));
        return element('li', {}, button);
      }),
    );
    const more = found.length > SHOWN_RESULTS ? `, the first ${SHOWN_RESULTS} shown` : '';
    count.textContent = input.value.trim() === '' ? '' : `${formatCount(found.length)} paths${more}`;
    detail.replaceChildren();
  });
  return {
    section: section(
      'search',
      'Search',
      element('p', {}, element('label', { for: 'search-input' }, 'Any path of the source: '), input),
      count,
      results,
      detail,
    ),
    show(path) {
      const entry = entries.find((each) => each.path === path);
      if (entry === undefined) return;
      input.value = path;
      results.replaceChildren();
      count.textContent = '';
      choose(entry);
      detail.scrollIntoView({ block: 'nearest' });
    },
  };
}

/** What is in the result has the colour of its kind. */
function stateClass({ state, type, path }: SearchedEntry): string {
  return `state ${state}${type === 'file' && state !== 'removed' ? ` ${fileKind(path)}` : ''}`;
}

/** What was written stands for what the source has at its place. */
function searchedEntries({
  entries,
  generated,
}: ReportData & { readonly entries: readonly ReportEntry[] }): readonly SearchedEntry[] {
  const made = new Set(generated.map(({ path }) => path));
  return [
    ...entries.filter(({ path }) => !made.has(path)),
    ...generated.map((entry) => ({ ...entry, state: 'generated' as const, owners: [], programs: [] })),
  ];
}

function explained(entry: SearchedEntry, { packages = [] }: ReportData): readonly HTMLElement[] {
  const { path, type, sizeBytes, state, linkTarget, owners, why } = entry;
  const names = owners.flatMap((index) => {
    const found = packages[index];
    return found === undefined ? [] : [`${found.name} ${found.version} (${found.ecosystem})`];
  });
  const states = {
    kept: 'is kept',
    stub: 'is kept as an empty file',
    removed: 'is removed: no run and no rule needs it',
    generated: 'is generated: the source has it not, or has another',
  };
  return [
    element('h3', {}, path),
    element(
      'p',
      {},
      `${type}${type === 'file' ? `, ${formatBytes(sizeBytes)}` : ''}${linkTarget === undefined ? '' : ` to ${linkTarget}`}; `,
      element('span', { class: stateClass(entry) }, states[state]),
    ),
    ...(names.length === 0 ? [] : [element('p', {}, `belongs to ${names.join(', ')}`)]),
    ...(why.length === 0 ? [] : [element('pre', { tabindex: 0 }, why.join('\n'))]),
  ];
}
