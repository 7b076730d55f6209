import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareRights } from './compare-rights.js';
import { mergeRights } from './merge-rights.js';
import type { CallRight, Rights } from './rights.js';
import { toSeccompProfile } from './seccomp-profile.js';

const call = fc.record(
  {
    name: fc.constantFrom('openat', 'socket', 'clone', 'mount'),
    only: fc.oneof(
      fc.record({
        oneOf: fc.uniqueArray(fc.integer({ min: 0, max: 3 }), { minLength: 1 }).map((all) => all.sort()),
      }),
      fc.constant({ without: 0x7e020000 }),
    ),
    reasons: fc.constantFrom(
      [{ kind: 'base', family: 'base' }] as const,
      [{ kind: 'base', family: 'time' }] as const,
    ),
  },
  { requiredKeys: ['name', 'reasons'] },
);

const rights: fc.Arbitrary<Rights> = fc.record({
  architecture: fc.constant('amd64'),
  calls: fc
    .uniqueArray(call, { selector: ({ name }) => name })
    .map((all) => all.sort((one, other) => (one.name < other.name ? -1 : 1)) as readonly CallRight[]),
  absent: fc.constant([]),
  capabilities: fc
    .uniqueArray(fc.constantFrom('CHOWN', 'KILL'))
    .map((all) => all.sort().map((name) => ({ name, reasons: [{ kind: 'base', family: 'x' } as const] }))),
  gaining: fc.constantFrom([], ['/bin/su']),
  writable: fc
    .uniqueArray(fc.constantFrom('/tmp', '/tmp/a', '/run', '/var/lib/x'))
    .map((all) => all.filter((path) => path !== '/tmp/a' || !all.includes('/tmp')))
    .map((all) =>
      all.sort().map((path) => ({ path, kind: 'tmpfs', mode: 0o755, because: `${path}/f` }) as const),
    ),
  rootWrites: fc.constantFrom([], ['/out']),
  network: fc.constantFrom(
    { kind: 'none', listens: [], connects: false } as const,
    { kind: 'network', listens: ['tcp/80'], connects: true } as const,
  ),
  devices: fc.constantFrom([], ['/dev/fuse']),
});

/** Whether a call with this first argument may be made. */
function allows({ calls }: Rights, name: string, value: number): boolean {
  const only = calls.find((each) => each.name === name);
  if (only === undefined) return false;
  if (only.only === undefined) return true;
  return 'oneOf' in only.only ? only.only.oneOf.includes(value) : (value & only.only.without) === 0;
}

describe('the union of rights', () => {
  it('is the same either way, in any grouping, and with itself', () => {
    fc.assert(
      fc.property(rights, rights, rights, (one, other, third) => {
        expect(mergeRights(one, other)).toEqual(mergeRights(other, one));
        expect(mergeRights(mergeRights(one, other), third)).toEqual(
          mergeRights(one, mergeRights(other, third)),
        );
        expect(mergeRights(one, one)).toEqual(one);
      }),
    );
  });

  it('allows what either allows', () => {
    fc.assert(
      fc.property(rights, rights, (one, other) => {
        const both = mergeRights(one, other);
        for (const name of ['openat', 'socket', 'clone', 'mount'])
          for (const value of [0, 1, 2, 3, 0x20000000])
            if (allows(one, name, value) || allows(other, name, value))
              expect(allows(both, name, value)).toBe(true);
        // A place may have become part of another.
        const lost = compareRights(one, both).filter(
          ({ kind, change }) => change === 'removed' && kind !== 'writable',
        );
        expect(lost).toEqual([]);
      }),
    );
  });

  it('differs from neither where they are the same, and each difference has its opposite', () => {
    fc.assert(
      fc.property(rights, rights, (one, other) => {
        expect(compareRights(one, one)).toEqual([]);
        const turned = { added: 'removed', removed: 'added', changed: 'changed' } as const;
        expect(compareRights(other, one)).toEqual(
          compareRights(one, other).map((each) => ({ ...each, change: turned[each.change] })),
        );
      }),
    );
  });

  it('is none of two architectures', () => {
    fc.assert(
      fc.property(rights, (one) => {
        expect(() => mergeRights(one, { ...one, architecture: 'arm64' })).toThrow(/no union/);
      }),
    );
  });
});

it('a profile is the same bytes each time, and names an architecture that it knows', () => {
  fc.assert(
    fc.property(rights, (one) => {
      expect(JSON.stringify(toSeccompProfile(one))).toBe(
        JSON.stringify(toSeccompProfile(structuredClone(one))),
      );
    }),
  );
  const [one] = fc.sample(rights, 1) as [Rights];
  for (const architecture of ['riscv64', 'constructor', '__proto__'])
    expect(() => toSeccompProfile({ ...one, architecture })).toThrow(/only for amd64 and arm64/);
});
