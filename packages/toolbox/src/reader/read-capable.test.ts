import { expect, it } from 'vitest';
import { parseCapable } from './read-capable.js';

const LINE = '-rwxr-xr-x  root/root     16680 2026-11-24 13:25 fidelity/rights';

it.each<[string, string[], string]>([
  ['none of one', [], LINE],
  ['the one', ['/a'], `${LINE}\n  x: 20 security.capability`],
  ['the second of two', ['/b'], `${LINE}\n${LINE}\n  x: 20 security.capability\n`],
  ['both', ['/a', '/b'], `${LINE}\n  x: 20 security.capability\n${LINE}\n  x: 24 security.capability\n`],
  ['a link', ['/b'], `${LINE.replace('-', 'l')} -> x\n${LINE}\n  x: 20 security.capability`],
  ['another attribute', [], `${LINE}\n  x: 20 user.capability\n`],
  ['nothing said', [], ''],
])('what tar says is read: %s', (_, capable, text) => {
  expect(parseCapable(['/a', '/b'], text)).toEqual(capable);
});
