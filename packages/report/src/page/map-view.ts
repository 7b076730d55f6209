import { element } from './element.js';
import { FILE_KINDS } from './file-kind.js';
import type { MapNode } from './file-tree.js';
import { formatBytes, formatCount, formatShare } from './format.js';
import { bytesOf, layOutMap, type MapCell, type MapSide } from './lay-out-map.js';
import { nextCell } from './next-cell.js';

/** Of the map's width. */
const HEIGHT_SHARE = 0.55;
const HEIGHT_MIN_PX = 260;
/** In a narrower or lower area no text can be read. */
const LABEL_WIDTH_MIN_PX = 34;
const LABEL_HEIGHT_MIN_PX = 14;

/** A map that can be zoomed by mouse and by keyboard. */
export class MapView {
  readonly element: HTMLElement;
  readonly #onFile: (path: string) => void;
  readonly #trail = element('ol', {});
  readonly #area = element('div', { class: 'map-area', role: 'group', 'aria-label': 'Map' });
  readonly #told = element('p', { class: 'map-told', role: 'status' });
  /** From the root to what is shown. */
  #way: readonly MapNode[];
  #side: MapSide = 'source';
  #cells: readonly MapCell[] = [];
  #width = 0;

  constructor(root: MapNode, onFile: (path: string) => void) {
    this.#way = [root];
    this.#onFile = onFile;
    this.element = element(
      'div',
      { class: 'map' },
      element('nav', { 'aria-label': 'Place in the map' }, this.#trail),
      this.#area,
      this.#told,
    );
    this.#area.addEventListener('keydown', (event) => this.#onKey(event));
    new ResizeObserver(() => {
      if (this.#area.clientWidth !== this.#width) this.#draw();
    }).observe(this.#area);
  }

  showTree(root: MapNode): void {
    this.#way = [root];
    this.#draw();
  }

  showSide(side: MapSide): void {
    this.#side = side;
    this.#draw();
  }

  get #shown(): MapNode {
    return this.#way.at(-1) as MapNode;
  }

  #draw(): void {
    this.#width = this.#area.clientWidth;
    if (this.#width === 0) return;
    const height = Math.max(HEIGHT_MIN_PX, Math.round(this.#width * HEIGHT_SHARE));
    this.#area.style.height = `${height}px`;
    this.#cells = layOutMap(this.#shown, this.#side, { width: this.#width, height });
    // Names are drawn for the eye; the buttons above them are for everything else.
    this.#area.replaceChildren(
      element('div', { 'aria-hidden': 'true' }, ...this.#cells.flatMap((cell) => contents(cell, this.#side))),
      ...this.#cells.map((cell, index) => this.#button(cell, index)),
    );
    this.#trail.replaceChildren(...this.#way.map((node, index) => this.#step(node, index)));
    const { files } = this.#shown;
    this.#told.textContent = `${wayText(this.#way)}: ${amountText(this.#shown)}, ${formatCount(files)} ${files === 1 ? 'file' : 'files'}`;
  }

  #button(cell: MapCell, index: number): HTMLElement {
    const { node } = cell;
    const button = element('button', {
      type: 'button',
      class: 'cell',
      style: placeStyle(cell),
      tabindex: index === 0 ? 0 : -1,
      'aria-label': `${node.label}, ${amountText(node)}`,
      title: `${node.path ?? node.label}\n${amountText(node)}`,
    });
    button.addEventListener('click', () => this.#open(node));
    return button;
  }

  #step(node: MapNode, index: number): HTMLElement {
    if (index === this.#way.length - 1)
      return element('li', {}, element('span', { 'aria-current': 'location' }, node.label));
    const button = element('button', { type: 'button' }, node.label);
    button.addEventListener('click', () => this.#leaveTo(index));
    return element('li', {}, button);
  }

  #open(node: MapNode): void {
    if (node.children().length === 0) {
      if (node.path !== undefined) this.#onFile(node.path);
      return;
    }
    this.#way = [...this.#way, node];
    this.#draw();
    this.#focus(0);
  }

  /** Out to a node of the way; the focus is where one came from. */
  #leaveTo(index: number): void {
    const from = this.#way[index + 1];
    if (from === undefined) return;
    this.#way = this.#way.slice(0, index + 1);
    this.#draw();
    this.#focus(
      Math.max(
        0,
        this.#cells.findIndex(({ node }) => node === from),
      ),
    );
  }

  #focus(index: number): void {
    const buttons = [...this.#area.querySelectorAll<HTMLElement>('.cell')];
    for (const [at, button] of buttons.entries()) button.tabIndex = at === index ? 0 : -1;
    buttons[index]?.focus();
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key === 'Escape' || event.key === 'Backspace') {
      event.preventDefault();
      this.#leaveTo(this.#way.length - 2);
      return;
    }
    const buttons = [...this.#area.querySelectorAll<HTMLElement>('.cell')];
    const current = this.#cells[buttons.indexOf(document.activeElement as HTMLElement)];
    const next = current && nextCell(event.key, current, this.#cells);
    if (next === undefined) return;
    event.preventDefault();
    this.#focus(this.#cells.indexOf(next));
  }
}

function wayText(way: readonly MapNode[]): string {
  const { path, label } = way.at(-1) as MapNode;
  return path ?? label;
}

/** The same of an area, whichever side is shown. */
function amountText({ sizeBytes, keptBytes }: MapNode): string {
  if (keptBytes === 0) return `${formatBytes(sizeBytes)}, removed`;
  if (keptBytes === sizeBytes) return `${formatBytes(sizeBytes)}, kept`;
  return `${formatBytes(sizeBytes)}, ${formatBytes(keptBytes)} kept (${formatShare(keptBytes, sizeBytes)})`;
}

function placeStyle({ left, top, width, height }: MapCell): string {
  return `left:${left}px;top:${top}px;width:${width}px;height:${height}px`;
}

/** Smaller areas are not seen. */
const SEEN_MIN_PX = 2;

/** What is drawn of an area and of those in it. */
function contents(cell: MapCell, side: MapSide): readonly HTMLElement[] {
  const { node, left, top, width, height, inner } = cell;
  if (width < SEEN_MIN_PX || height < SEEN_MIN_PX) return [];
  const parts = inner.length === 0 ? [fill(cell)] : inner.flatMap((each) => contents(each, side));
  if (width < LABEL_WIDTH_MIN_PX || height < LABEL_HEIGHT_MIN_PX) return parts;
  const style = `left:${left}px;top:${top}px;max-width:${width}px`;
  const text = `${node.label} ${formatBytes(bytesOf(node, side))}`;
  return [...parts, element('span', { class: 'cell-label', style }, text)];
}

/** As far as it was kept, filled from below with a band for each kind; hatched above. */
function fill(cell: MapCell): HTMLElement {
  const { sizeBytes, keptByKind } = cell.node;
  let kept = 0;
  const bands = FILE_KINDS.flatMap((kind, place) => {
    const bytes = keptByKind[place] ?? 0;
    if (bytes === 0) return [];
    const from = percent(kept, sizeBytes);
    kept += bytes;
    return `var(--${kind}) ${from} ${percent(kept, sizeBytes)}`;
  });
  const style =
    bands.length === 0
      ? placeStyle(cell)
      : `${placeStyle(cell)};--bands:linear-gradient(to top,${bands.join()},transparent ${percent(kept, sizeBytes)})`;
  return element('span', { class: 'fill', style });
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(1)}%`;
}
