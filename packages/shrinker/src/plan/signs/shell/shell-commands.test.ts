import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shellCommands } from './shell-commands.js';

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: these are the shell's.
const PARTS: readonly [what: string, text: string, commands: readonly string[]][] = [
  ['nothing', '', []],
  ['a comment', '# rm -rf /\n#!/bin/sh', []],
  ['a command', 'envsubst <in >out', ['envsubst']],
  ['a path', '/usr/bin/id -u', ['/usr/bin/id']],
  ['commands in a row', 'a1; b1 && c1 || d1 | e1 & f1', ['a1', 'b1', 'c1', 'd1', 'e1', 'f1']],
  ['a line that goes on', 'a1 \\\n b1', ['a1']],
  ['assignments', 'A=1 B="x y" C=$D a1; E=b1', ['a1']],
  ['an assignment of what a command prints', 'A=$(a1 b1) c1', ['a1', 'c1']],
  ['an array', 'A=(b1 c1 $(d1))\na1', ['a1', 'd1']],
  ['quotes', `"a1" 'b1'; c\\1`, ['a1', 'c1']],
  ['a variable', '$A b1; "$B" c1; ${C:-d1} e1', []],
  ['a command in a variable that is not set', '${A:-$(a1)}', ['a1']],
  ['commands within others', 'echo "$(a1 $(b1))" `c1 d1` "`e1`"', ['a1', 'b1', 'c1', 'e1']],
  ['arithmetic', 'x=$((a1 + b1)); (( c1 > d1 )) && e1', ['e1']],
  ['subshells and groups', '(a1; b1) | { c1; }', ['a1', 'b1', 'c1']],
  ['conditions', 'if a1; then b1; elif c1; then d1; else e1; fi; f1', ['a1', 'b1', 'c1', 'd1', 'e1', 'f1']],
  [
    'loops',
    'while a1; do b1; done\nfor x in c1 d1; do e1; done\nuntil ! f1; do :; done',
    ['a1', 'b1', 'e1', 'f1'],
  ],
  [
    'cases',
    'case "$1" in\n  a1|b1) c1 ;;\n  (d1) e1; case x in y) f1;; esac ;;\n  *.sh) ;;\nesac\ng1',
    ['c1', 'e1', 'f1', 'g1'],
  ],
  ['a case within a command', 'x=$(case $1 in a1) b1;; esac)', ['b1']],
  ['functions', 'a1() { b1; }\nfunction c1 { d1; }\na1; c1', ['b1', 'd1']],
  ['tests', '[ -x a1 ] && [[ b1 =~ (c1|d1) && -f e1 ]] && f1', ['f1']],
  ['redirections', 'a1 2>b1 >&2 <c1 &>d1; >e1 f1', ['a1', 'f1']],
  ['a here-document', 'cat <<EOF >b1\na1 $(c1)\nEOF\nd1', ['cat', 'd1']],
  ['indented here-documents', "cat <<-'A' <<B\n\tx1\n\tA\ny1\nB\nz1", ['cat', 'z1']],
  ['a here-string', 'cat <<<a1', ['cat']],
  ['substituted processes', 'diff <(a1 b1) >(c1)', ['a1', 'c1', 'diff']],
  ['what other commands start', 'exec a1; env A=1 -u B b1; nohup c1 &', ['a1', 'b1', 'c1', 'env', 'nohup']],
  [
    'what they start with operands',
    'timeout -k 5 10 a1; exec gosu www b1; xargs -0 -n 1 c1',
    ['a1', 'b1', 'c1', 'gosu', 'timeout', 'xargs'],
  ],
  ['what find starts', 'find / -name d1 -exec a1 {} + -o -execdir b1 \\;', ['a1', 'b1', 'find']],
  ['what is only asked for', 'command -v a1 && type b1; command c1', ['c1']],
  ['built-in commands', 'set -e; cd /; echo a1; printf b1; test -f c1; eval "d1"; . /e1; trap "f1" EXIT', []],
];
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: see above.

describe('the programs that a script starts', () => {
  it.each(PARTS)('are found in %s', (_what, text, commands) => {
    expect(shellCommands(text)).toEqual(commands);
  });

  it.each(PARTS)('are found behind %s', (_what, text, commands) => {
    expect(shellCommands(`${text}\nzz1 | yy1`)).toEqual([...commands, 'yy1', 'zz1'].sort());
  });

  it.each([0, 1])('are at least those that bash looks for, where each ends with %i', (status) => {
    let counted = 0;
    const folder = mkdtempSync(join(tmpdir(), 'keepset-shell-'));
    const log = join(folder, 'log');
    try {
      for (const [what, text, commands] of PARTS) {
        // The first would go on without end, the second take the place of the shell that is asked.
        if ((status === 0 && what === 'loops') || /exec/.test(text)) continue;
        // Names that are put together: documented as not seen.
        if (/variable|built-in|here-document/.test(what)) continue;
        const handler = `command_not_found_handle() { echo "$1" >>${log}; return ${status}; }`;
        writeFileSync(log, '');
        spawnSync('bash', ['-c', `cd ${folder}; PATH=/none; ${handler}\n${text}\nwait\n`], {
          stdio: 'ignore',
        });
        const asked = readFileSync(log, 'utf8').split('\n').slice(0, -1);
        expect({ what, unknown: asked.filter((name) => !commands.includes(name)) }).toEqual({
          what,
          unknown: [],
        });
        counted += asked.length;
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
    expect(counted).toBeGreaterThan(20);
  });

  it('never fail, whatever a script holds', () => {
    const piece = fc.constantFrom(
      ...PARTS.flatMap(([, text]) => text.split(/(?<=\W)|(?=\W)/)),
      '$(',
      '${',
      '`',
      '"',
      "'",
      '\\',
      ')',
      '((',
      '<<',
      ';;',
      'case',
      'esac',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        expect(() => shellCommands(pieces.join(''))).not.toThrow();
      }),
      { numRuns: 3000 },
    );
    expect(() => shellCommands('$('.repeat(100_000))).not.toThrow();
    expect(() => shellCommands('"${a:-"'.repeat(100_000))).not.toThrow();
  });
});
