import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elfProgram } from '../test-source.test-helper.js';
import { parseElfDynamic } from './elf-dynamic.js';
import { elfLibrary } from './elf-library.test-helper.js';

describe('parseElfDynamic', () => {
  it('reads what a library needs, where it looks for that, and its names', () => {
    const library = elfLibrary({
      needed: ['libc.so.6', 'libcap.so.2'],
      runpath: '$ORIGIN:/opt/lib',
      functions: ['_nss_own_getpwnam_r'],
    });
    expect(parseElfDynamic(library)).toEqual({
      needed: ['libc.so.6', 'libcap.so.2'],
      searched: ['$ORIGIN', '/opt/lib'],
      names: expect.stringContaining('\0_nss_own_getpwnam_r\0'),
    });
  });

  it.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array(0)],
    ['a text', Buffer.from('#!/bin/sh\n'.repeat(100))],
    ['a magic number alone', Buffer.from('\x7fELF')],
    ['a static program', elfProgram(undefined)],
    ['a library that is cut off', elfLibrary({ needed: ['libc.so.6'] }).subarray(0, 180)],
  ])('knows no dynamic section of %s', (_what, bytes) => {
    expect(parseElfDynamic(bytes)).toBeUndefined();
  });

  it('never fails, whatever a byte is changed to', () => {
    const library = elfLibrary({ needed: ['libc.so.6'], runpath: '/opt' });
    fc.assert(
      fc.property(fc.nat(library.length - 1), fc.nat(255), fc.nat(library.length), (at, byte, length) => {
        const changed = library.slice(0, length);
        if (at < length) changed[at] = byte;
        expect(() => parseElfDynamic(changed)).not.toThrow();
      }),
      { numRuns: 2000 },
    );
  });

  it.each(['/bin/bash', '/usr/bin/tar', '/usr/bin/env'])(
    'of %s and all that it needs, finds what the loader finds',
    (program) => {
      const loaded = new Map(
        execFileSync('ldd', [program], { encoding: 'utf8' })
          .split('\n')
          .flatMap((line) => {
            const [, name = '', path = ''] = /^\s*(?:(\S+) => )?(\/\S+) \(0x/.exec(line) ?? [];
            return path === '' ? [] : [[name || (path.split('/').at(-1) ?? ''), realpathSync(path)] as const];
          }),
      );
      const needed = new Set<string>();
      const follow = (path: string) => {
        for (const name of parseElfDynamic(readFileSync(path))?.needed ?? []) {
          if (needed.has(name)) continue;
          needed.add(name);
          const file = loaded.get(name);
          if (file !== undefined && existsSync(file)) follow(file);
        }
      };
      follow(program);
      expect(needed.size).toBeGreaterThan(0);
      // The loader is loaded also where nothing names it.
      const others = [...loaded.keys()].filter((name) => !name.startsWith('ld-'));
      expect([...needed].filter((name) => !name.startsWith('ld-')).sort()).toEqual(others.sort());
    },
  );
});
