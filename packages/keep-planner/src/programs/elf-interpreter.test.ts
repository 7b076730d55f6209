import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elfProgram } from '../test-source.test-helper.js';
import { parseElfInterpreter } from './elf-interpreter.js';

describe('parseElfInterpreter', () => {
  it.each([
    [64, true],
    [64, false],
    [32, true],
    [32, false],
  ])('reads a program of %i bits, little endian: %s', (bits, littleEndian) => {
    const program = elfProgram('/lib/ld.so', { bits, littleEndian });
    expect(parseElfInterpreter(program)).toEqual({ kind: 'interpreter', path: '/lib/ld.so' });
    expect(parseElfInterpreter(elfProgram(undefined, { bits, littleEndian }))).toEqual({ kind: 'none' });
  });

  it.each<[law: string, head: Uint8Array, answer: object]>([
    ['a script is none', Buffer.from('#!/bin/sh\n'), { kind: 'not-elf' }],
    ['an empty file is none', new Uint8Array(0), { kind: 'not-elf' }],
    ['a header cut short is broken', elfProgram('/x').subarray(0, 60), { kind: 'broken' }],
    [
      'a table behind the head is asked for',
      elfProgram('/x', { tableAt: 5000 }).subarray(0, 4096),
      { kind: 'more', bytes: 5112 },
    ],
    [
      'so is a loader behind it',
      elfProgram('/x', { loaderAt: 9000 }).subarray(0, 4096),
      { kind: 'more', bytes: 9003 },
    ],
    ['an empty loader is broken', elfProgram(''), { kind: 'broken' }],
    ['a loader longer than a path may be is broken', elfProgram(`/${'x'.repeat(5000)}`), { kind: 'broken' }],
  ])('%s', (_law, head, answer) => {
    expect(parseElfInterpreter(head)).toEqual(answer);
  });

  it('finds the loader that the kernel found for the program that runs this test', () => {
    const head = readFileSync(process.execPath).subarray(0, 4096);
    const answer = parseElfInterpreter(head);
    if (answer.kind !== 'interpreter') expect(answer.kind).toBe('none');
    else {
      expect(existsSync(answer.path)).toBe(true);
      expect(readFileSync('/proc/self/maps', 'latin1')).toContain(
        answer.path.slice(answer.path.lastIndexOf('/')),
      );
    }
  });

  it('never throws, whatever the bytes', () => {
    const damaged = fc.tuple(fc.nat(180), fc.nat(255)).map(([at, value]) => {
      const program = elfProgram('/lib/ld.so');
      program[at] = value;
      return program;
    });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), damaged), (head) => {
        expect(parseElfInterpreter(head).kind).toBeTypeOf('string');
      }),
    );
  });
});
