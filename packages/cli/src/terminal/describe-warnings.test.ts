import type { PlanWarning } from '@keepset/keep-planner';
import { expect, it } from 'vitest';
import { describeWarnings } from './describe-warnings.js';

const setuid = (path: string): PlanWarning => ({ kind: 'setuid', path, mode: 0o4755, runs: [] });

it('gives of each kind the number and the first few, paths escaped', () => {
  const warnings: PlanWarning[] = [
    ...['/a', '/b\xff', '/c', '/d'].map(setuid),
    { kind: 'secret', path: '/root/.netrc', pattern: '.netrc', runs: [], dropped: false },
    { kind: 'pattern-unmatched', option: 'keep', pattern: '/é*' },
    { kind: 'unplaced', count: 7 },
  ];
  expect(describeWarnings({ warnings, listed: [] })).toEqual([
    'warning: kept programs that change rights (setuid, setgid) (4): /a, /b\\377, /c, …',
    'warning: files that look like secrets (1): /root/.netrc (kept)',
    'warning: patterns that match nothing in the image (1): --keep /é*',
    'warning: accesses without a known path (7)',
  ]);
});

it('suggests the package that was meant', () => {
  const warnings: PlanWarning[] = [
    { kind: 'pattern-unmatched', option: 'keep-package', pattern: 'deb:opensl' },
    { kind: 'pattern-unmatched', option: 'keep', pattern: '/opensl' },
  ];
  expect(describeWarnings({ warnings, listed: [] }, { packageNames: ['openssl'] })).toEqual([
    "warning: patterns that match nothing in the image (2): --keep-package deb:opensl: did you mean 'deb:openssl'?, --keep /opensl",
  ]);
});

it('counts listed directories, unless all their entries are kept', () => {
  const plan = { warnings: [], listed: ['/etc', '/usr'] as never };
  expect(describeWarnings(plan)).toEqual([
    'listed directories, which may show fewer entries in the result (2): /etc, /usr; see --listed',
  ]);
  expect(describeWarnings(plan, { listedPolicy: 'stub' })).toEqual([]);
});
