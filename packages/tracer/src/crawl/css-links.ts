import { tokenize } from '@csstools/css-tokenizer';

/**
 * The references of a style sheet, as they stand in it: `url()`, `@import` and the strings of `image-set()`.
 *
 * @see CSS Syntax Module Level 3; CSS Values and Units Module Level 4, "Resource Locators"
 */
export function cssLinks(css: string): readonly string[] {
  const links: string[] = [];
  /** Names of functions that are open; of any other bracket, the empty text. */
  const open: string[] = [];
  let rule = '';
  for (const token of tokenize({ css })) {
    switch (token[0]) {
      case 'at-keyword-token':
        rule = token[4].value.toLowerCase();
        break;
      case 'url-token':
        if (rule !== 'namespace') links.push(token[4].value);
        break;
      case 'string-token':
        if (isReference(open.at(-1), rule)) links.push(token[4].value);
        break;
      case 'function-token':
        open.push(token[4].value.toLowerCase());
        break;
      case '(-token':
        open.push('');
        break;
      case ')-token':
        open.pop();
        break;
      case 'semicolon-token':
      case '{-token':
      case '}-token':
        rule = '';
        open.length = 0;
        break;
    }
  }
  return links;
}

function isReference(inside: string | undefined, rule: string): boolean {
  if (rule === 'namespace') return false;
  if (inside === undefined) return rule === 'import';
  return /^(?:url|src|(?:-webkit-)?image-set)$/.test(inside);
}
