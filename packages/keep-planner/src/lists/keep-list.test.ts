import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatKeepList, PlanError, parseKeepList } from '../index.js';

const path = fc.array(fc.integer({ min: 1, max: 255 })).map((bytes) => `/${String.fromCharCode(...bytes)}`);

describe('the keep list', () => {
  it('is sorted by bytes, one path a line, each once', () => {
    expect(formatKeepList(['/b', '/a/b', '/', '/a-b', '/a', '/b'])).toBe('/\n/a\n/a-b\n/a/b\n/b\n');
  });

  it('shows UTF-8 as text and everything else in C escapes', () => {
    expect(formatKeepList(['/caf\xc3\xa9', '/a\nb', '/\xff', '/a b'])).toBe('/a\\nb\n/a b\n/café\n/\\377\n');
  });

  it('marks stubs, behind a tab that no printed path holds', () => {
    const entries = [{ path: '/a', stub: true } as const, { path: '/a\tstub' }];
    expect(formatKeepList(entries)).toBe('/a\tstub\n/a\\tstub\n');
    expect(parseKeepList(formatKeepList(entries))).toEqual(entries);
    expect(() => parseKeepList('/a\tstab\n')).toThrow(PlanError);
  });

  it('marks what a repair added, stub or not', () => {
    const entries = [
      { path: '/a', stub: true, repaired: true } as const,
      { path: '/b', repaired: true } as const,
    ];
    expect(formatKeepList(entries)).toBe('/a\tstub\trepaired\n/b\trepaired\n');
    expect(parseKeepList(formatKeepList(entries))).toEqual(entries);
    expect(() => parseKeepList('/a\trepaired\tstub\n')).toThrow(PlanError);
  });

  it('may have comments, empty lines, any order and any line end', () => {
    expect(parseKeepList('# mine\r\n/b\r\n\r\n  \n/a\n/b')).toEqual([{ path: '/a' }, { path: '/b' }]);
  });

  it('names a line that is no absolute path', () => {
    expect(() => parseKeepList('/a\nusr/bin\n')).toThrow(PlanError);
    expect(() => parseKeepList('/a\nusr/bin\n')).toThrow(/line 2 .*usr\/bin/);
  });

  it('comes back as it went in, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uniqueArray(path), (paths) => {
        const sorted = [...paths].sort((left, right) => (left < right ? -1 : 1));
        expect(parseKeepList(formatKeepList(paths)).map((entry) => entry.path)).toEqual(sorted);
      }),
    );
  });
});
