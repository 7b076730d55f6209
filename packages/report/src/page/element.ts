type Child = Node | string;

/**
 * Make an element. Text is text: nothing of the data is ever read as HTML.
 *
 * @param attributes  without those that are undefined; `true` for one without a value
 */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string | number | true | undefined>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes))
    if (value !== undefined) made.setAttribute(key, value === true ? '' : String(value));
  made.append(...children);
  return made;
}
