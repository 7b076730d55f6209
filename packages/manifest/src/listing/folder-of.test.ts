import { expect, it } from 'vitest';
import { folderOf } from './folder-of.js';

it.each([
  ['/', 2, '/'],
  ['/init', 2, '/'],
  ['/usr', 1, '/'],
  ['/usr/lib', 1, '/usr'],
  ['/usr/lib', 2, '/usr'],
  ['/usr/lib/R/bin/R', 1, '/usr'],
  ['/usr/lib/R/bin/R', 2, '/usr/lib'],
  ['/usr/lib/R/bin/R', 9, '/usr/lib/R/bin'],
])('%s at depth %d: %s', (path, depth, folder) => {
  expect(folderOf(path, depth)).toBe(folder);
});
