import { element } from './element.js';

/** A part of the page under a heading, to which the navigation leads. */
export function section(id: string, title: string, ...content: readonly (Node | string)[]): HTMLElement {
  return element(
    'section',
    { id, 'aria-labelledby': `${id}-title`, tabindex: -1 },
    element('h2', { id: `${id}-title` }, title),
    ...content,
  );
}
