import { printPath } from '@keepset/strace-parser';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EntryTable } from './entry-table.js';
import type { ScannedEntry } from './scan-manifest.js';

const bytes = fc.string({ unit: fc.constantFrom('/', 'a', '\n', '\xff'), minLength: 1, maxLength: 3 });

/** As they stand in a manifest; of few paths, so that some come twice. */
const scanned: fc.Arbitrary<ScannedEntry> = fc.record(
  {
    path: bytes.map((path) => printPath(`/${path}`)),
    type: fc.constantFrom('file', 'directory', 'symlink'),
    sizeBytes: fc.constantFrom(0, 7, 2 ** 40),
    mode: fc.constantFrom(0, 0o644, 0o7777),
    uid: fc.constantFrom(0, 2 ** 32 - 2),
    gid: fc.nat(3),
    mtimeSeconds: fc.constantFrom(-1, 0, 1.5),
    linkTarget: bytes.map(printPath),
    hardLinkTo: bytes.map(printPath),
    stub: fc.constant(true as const),
    sourceSizeBytes: fc.nat(9),
    sha256: fc.constantFrom('a'.repeat(64), 'b'.repeat(64)),
    owners: fc.array(fc.nat(2), { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: ['path', 'type', 'sizeBytes'] },
);
const reasons = fc.option(fc.constantFrom('[{"rule":"keep","from":"/é"}]', '[]'), { nil: undefined });

it('gives back what was put in: of a path that came twice, the last', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(scanned, reasons)), (all) => {
      const table = new EntryTable();
      for (const [entry, text] of all) table.set(entry, text);
      const last = new Map(all.map((each) => [each[0].path, each]));
      const shown = [...table].map(([path, { isKept, isStub, ...facts }]) => [
        {
          ...facts,
          path: printPath(path),
          ...(isStub && { stub: true }),
          ...(facts.linkTarget !== undefined && { linkTarget: printPath(facts.linkTarget) }),
          ...(facts.hardLinkTo !== undefined && { hardLinkTo: printPath(facts.hardLinkTo) }),
        },
        table.reasonsOf(path),
        isKept,
      ]);
      expect(shown).toEqual(
        [...last.values()].map(([entry, text]) => [
          { uid: 0, gid: 0, owners: [], ...entry },
          text,
          text !== undefined,
        ]),
      );
      for (const [path, entry] of table) expect(table.get(path)).toEqual(entry);
    }),
  );
});

it('goes by path, and by size', () => {
  fc.assert(
    fc.property(fc.array(scanned), (all) => {
      const table = new EntryTable();
      for (const entry of all) table.set(entry, undefined);
      const byPath = [...table].sort(([one], [other]) => (one < other ? -1 : 1));
      expect([...table.byPath()]).toEqual(byPath);
      const bySize = byPath.toSorted(([, one], [, other]) => other.sizeBytes - one.sizeBytes);
      expect([...table.largestFirst()]).toEqual(bySize);
    }),
  );
});
