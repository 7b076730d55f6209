import { expect, it } from 'vitest';
import { mergeWarnings } from './merge-warnings.js';
import type { PlanWarning } from './plan-warning.js';

const secret = (runs: readonly string[], path = '/etc/shadow'): PlanWarning => ({
  kind: 'secret',
  path,
  pattern: '/etc/shadow',
  runs,
  dropped: false,
});
const setuid = (runs: readonly string[]): PlanWarning => ({
  kind: 'setuid',
  path: '/su',
  mode: 0o4755,
  runs,
});
const missing: PlanWarning = { kind: 'loader-missing', path: '/prog', wanted: '/ld.so' };

it.each<[string, readonly PlanWarning[], readonly PlanWarning[]]>([
  ['nothing', [], []],
  [
    'the same of a run and of a repair',
    [secret(['main']), secret(['repair 1'])],
    [secret(['main', 'repair 1'])],
  ],
  ['the same of one run twice', [setuid(['main']), setuid(['main'])], [setuid(['main'])]],
  ['the same that no run is named for', [missing, missing], [missing]],
  ['different paths', [secret(['main']), secret(['main'], '/b')], [secret(['main']), secret(['main'], '/b')]],
  [
    'counts',
    [
      { kind: 'unplaced', count: 2 },
      { kind: 'unplaced', count: 2 },
    ],
    [{ kind: 'unplaced', count: 4 }],
  ],
])('merges %s', (_what, warnings, merged) => {
  expect(mergeWarnings(warnings)).toEqual(merged);
});
