import { element } from './element.js';

export interface TableColumn<Row> {
  readonly title: string;
  /** What is sorted by; numbers stand to the right. */
  value(row: Row): string | number;
  /** What is shown; default: the value. */
  text?(row: Row): string;
}

export interface TableOptions<Row> {
  /** Told to screen readers. */
  readonly caption: string;
  readonly columns: readonly TableColumn<Row>[];
  readonly rows: readonly Row[];
  /** Place of the column by which it is sorted at first. */
  readonly sortedBy: number;
  /** What the filter looks at. */
  searched(row: Row): string;
}

/** A table that is sorted by its titles, and filtered by words. */
export function sortableTable<Row>(options: TableOptions<Row>): HTMLElement {
  const { caption, columns, rows } = options;
  let sortedBy = options.sortedBy;
  let isDescending = isNumeric(sortedBy);
  let words: readonly string[] = [];
  const body = element('tbody');
  const count = element('span', { role: 'status', class: 'hint' });
  const heads = columns.map(({ title }, index) => {
    const button = element('button', { type: 'button' }, title);
    button.addEventListener('click', () => {
      isDescending = sortedBy === index ? !isDescending : isNumeric(index);
      sortedBy = index;
      draw();
    });
    return element('th', { scope: 'col', ...(isNumeric(index) && { class: 'number' }) }, button);
  });

  function isNumeric(index: number): boolean {
    const [first] = rows;
    return first !== undefined && typeof columns[index]?.value(first) === 'number';
  }

  function draw(): void {
    const column = columns[sortedBy] as TableColumn<Row>;
    const shown = rows
      .filter((row) => {
        const text = options.searched(row).toLowerCase();
        return words.every((word) => text.includes(word));
      })
      .sort((one, other) => compare(column.value(one), column.value(other)) * (isDescending ? -1 : 1));
    body.replaceChildren(...shown.map(toRow));
    for (const [index, head] of heads.entries()) {
      if (index === sortedBy) head.setAttribute('aria-sort', isDescending ? 'descending' : 'ascending');
      else head.removeAttribute('aria-sort');
    }
    count.textContent = `${shown.length} of ${rows.length}`;
  }

  function toRow(row: Row): HTMLElement {
    const cells = columns.map((column, index) => {
      const text = column.text?.(row) ?? String(column.value(row));
      return index === 0
        ? element('th', { scope: 'row' }, text)
        : element('td', isNumeric(index) ? { class: 'number' } : {}, text);
    });
    return element('tr', {}, ...cells);
  }

  const filter = element('input', {
    type: 'search',
    'aria-label': `Filter: ${caption}`,
    placeholder: 'Filter',
  });
  filter.addEventListener('input', () => {
    words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    draw();
  });
  draw();
  return element(
    'div',
    {},
    element('p', { class: 'filter' }, filter, ' ', count),
    element(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption },
      element(
        'table',
        {},
        element('caption', { class: 'unseen' }, caption),
        element('thead', {}, element('tr', {}, ...heads)),
        body,
      ),
    ),
  );
}

function compare(one: string | number, other: string | number): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
