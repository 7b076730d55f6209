import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packedText, unpackData } from './packed-data.js';
import type { ReportData, ReportEntry } from './report-data.js';

const entry: fc.Arbitrary<ReportEntry> = fc.record(
  {
    path: fc.string().map((text) => `/${text}`),
    type: fc.constantFrom(
      'file',
      'directory',
      'symlink',
      'fifo',
      'socket',
      'character-device',
      'block-device',
    ),
    sizeBytes: fc.nat(),
    state: fc.constantFrom('kept' as const, 'stub' as const, 'removed' as const),
    linkTarget: fc.string(),
    owners: fc.array(fc.nat(9)),
    why: fc.array(fc.constantFrom('  one', '    two', 'three')),
    programs: fc.array(fc.nat(9)),
  },
  { requiredKeys: ['path', 'type', 'sizeBytes', 'state', 'owners', 'why', 'programs'] },
);

it('comes out as it went in', () => {
  fc.assert(
    fc.property(fc.uniqueArray(entry, { selector: ({ path }) => path }), (entries) => {
      const data: ReportData = {
        source: { id: 'sha256:1', reference: 'r' },
        result: { id: 'sha256:2', sizeBytes: 1 },
        runs: [{ name: 'main', command: ['a b'] }],
        repairs: [],
        varying: ['v'],
        notCompared: ['n'],
        hints: [{ does: 'd', line: 'l' }],
        generated: [{ path: '/g', type: 'file', sizeBytes: 1, why: ['  g'] }],
        warnings: ['w'],
        programs: [{ path: '/a', words: ['a'] }],
        entries,
      };
      expect(unpackData(JSON.parse([...packedText(data)].join('')))).toEqual(data);
    }),
  );
});

it('comes out as it went in where each column is of several pieces', () => {
  const entries = Array.from(
    { length: 40_000 },
    (_, index): ReportEntry => ({
      path: `/${index}`,
      type: index % 3 === 0 ? 'symlink' : 'file',
      sizeBytes: index,
      state: 'removed',
      owners: [index % 7],
      why: [`  ${index % 5}`],
      programs: [index % 2],
      ...(index % 3 === 0 && { linkTarget: `é-${index}` }),
    }),
  );
  const data: ReportData = {
    source: { id: 'sha256:1' },
    result: { id: 'sha256:2' },
    runs: [],
    repairs: [],
    varying: [],
    notCompared: [],
    hints: [],
    generated: [],
    warnings: [],
    programs: [],
    entries,
  };
  expect(unpackData(JSON.parse([...packedText(data)].join('')))).toEqual(data);
});
