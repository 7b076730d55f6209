import { describe, expect, it } from 'vitest';
import { parseScriptInterpreter } from './script-interpreter.js';

const bytes = (text: string) => Buffer.from(text, 'latin1');

describe('parseScriptInterpreter', () => {
  it.each<[law: string, head: string, interpreter: object | undefined]>([
    ['the name ends at the newline', '#!/bin/sh\necho', { path: '/bin/sh' }],
    ['or at the end of the file', '#!/bin/sh', { path: '/bin/sh' }],
    ['blanks before and after it do not count', '#! \t/bin/sh \t\n', { path: '/bin/sh' }],
    ['the rest is one argument', '#!/usr/bin/env -S a  b \n', { path: '/usr/bin/env', argument: '-S a  b' }],
    ['a carriage return belongs to the name', '#!/bin/sh\r\n', { path: '/bin/sh\r' }],
    ['a NUL ends the line', '#!/bin/sh\0x\n', { path: '/bin/sh' }],
    ['a relative name stays relative', '#!tools/run\n', { path: 'tools/run' }],
    ['names are bytes', '#!/opt/caf\xe9\n', { path: '/opt/caf\xe9' }],
    ['no name is no interpreter', '#! \t\n/bin/sh', undefined],
    ['a comment is no interpreter', '# !/bin/sh\n', undefined],
    ['an empty file has none', '', undefined],
    ['a program has none', '\x7fELF', undefined],
    ['a name of 253 bytes fits with its newline', `#!/${'n'.repeat(252)}\n`, { path: `/${'n'.repeat(252)}` }],
    ['a name that is cut off at 256 bytes is refused', `#!/${'n'.repeat(300)}\n`, undefined],
    [
      'an argument may be cut off',
      `#!/bin/sh ${'a'.repeat(300)}\n`,
      { path: '/bin/sh', argument: 'a'.repeat(246) },
    ],
  ])('%s', (_law, head, interpreter) => {
    expect(parseScriptInterpreter(bytes(head))).toEqual(interpreter);
  });
});
