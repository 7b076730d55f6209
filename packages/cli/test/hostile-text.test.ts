import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../src/registry.ts';
import type { Console } from '../src/terminal/console.ts';
import { describeError } from '../src/terminal/describe-error.ts';
import { plainText } from '../src/terminal/plain-text.ts';

const folder = mkdtempSync(join(tmpdir(), 'test-hostile-text-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A manifest in which everything that others write holds one text. */
function manifestWith(text: string): object {
  const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
  const file = { type: 'file', mode: 0o644, uid: 0, gid: 0, mtimeSeconds: 0, sizeBytes: 1, owners: [0] };
  const reason = { run: `main${text}`, action: 'open', call: `openat${text}`, line: 1, count: 1, program: 0 };
  const bytes = { sha256: 'a'.repeat(64), sizeBytes: 1 };
  return {
    manifestVersion: 1,
    source: { reference: `source${text}`, id: digest('1'), sizeBytes: 2 },
    result: { reference: `result${text}`, id: digest('2'), layerDigest: digest('3'), sizeBytes: 1 },
    platform: { os: 'linux', architecture: 'amd64' },
    runs: [
      {
        name: `main${text}`,
        command: ['cat', `/a${text}`],
        exitStatus: 0,
        stdout: bytes,
        stderr: bytes,
        steps: [{ name: `exec ${text}`, status: 0, stdout: bytes, stderr: bytes }],
      },
    ],
    repairs: [{ round: 1, run: `main${text}`, path: '/a', because: text }],
    masked: [{ run: `main${text}`, where: 'stdout', variation: 'words' }],
    warnings: [{ kind: 'interpreter-missing', path: '/a', wanted: '/b' }],
    programs: [{ path: '/bin/cat', argv: ['cat', '/a'] }],
    kept: [{ path: '/a', ...file, reasons: [reason] }],
    removed: [{ path: '/b', ...file }],
    packages: [
      {
        ecosystem: 'npm',
        name: `asked${text}`,
        version: `1${text}`,
        licenses: [`MIT${text}`],
        purl: `pkg:npm/asked${text}@1`,
        database: '/lib/package.json',
        sourcePackage: { name: `asked${text}`, version: `1${text}` },
      },
    ],
    system: { id: 'debian', versionId: '12', prettyName: `Debian${text}` },
    unowned: { files: 0, sizeBytes: 0 },
    inventoryWarnings: [{ path: '/lib/x', message: `no ${text}` }],
  };
}

const RUNS = [
  ['why', '--manifest', 'm.json', '/a'],
  ['why', '--manifest', 'm.json', '/b'],
  ['ls', 'm.json'],
  ['ls', '--by', 'package', 'm.json'],
  ['ls', '--by', 'run', 'm.json'],
  ['ls', '--by', 'process', 'm.json'],
  ['ls', '--by', 'package', '--csv', 'm.json'],
  ['ls', '--by', 'package', '--json', 'm.json'],
  ['packages', 'm.json'],
  ['packages', '--csv', 'm.json'],
  ['packages', '--json', 'm.json'],
  ['diff', 'm.json', '--by', 'package'],
  ['cost', 'm.json'],
  ['cost', '--by', 'package', 'm.json'],
  ['affected', '--in', 'm.json', 'pkg:npm/other'],
  ['affected', '--in', 'folder', 'asked'],
  ['sbom', 'm.json'],
  ['sbom', '--format', 'spdx', 'm.json'],
  ['attest', 'm.json'],
  ...['text', 'bibtex', 'cff'].map((format) => ['cite', '--format', format, 'm.json']),
  ...['stargz', 'soci', 'nydus'].map((format) => ['prefetch', '--format', format, 'm.json']),
  ['vex', '--from', 'grype.json', 'm.json'],
  ['report', '-o', 'report.html', 'm.json'],
];

/** All that a command says, as the terminal gets it. */
async function run(line: readonly string[]): Promise<{ readonly text: string; readonly status: number }> {
  let text = '';
  const write = (piece: string) => {
    text += plainText(piece);
  };
  const console: Console = {
    environment: {},
    workingDirectory: folder,
    columns: 10_000,
    errorIsTty: false,
    outIsTty: false,
    stdin: (async function* () {})(),
    signal: new AbortController().signal,
    writeOut: async (pieces) => write(typeof pieces === 'string' ? pieces : [...pieces].join('')),
    writeError: write,
    writeOutBytes: async () => {},
    writeErrorBytes: async () => {},
  };
  const [name, ...args] = line;
  const words = args.map((word) => (/\.(json|html)$|^folder$/.test(word) ? join(folder, word) : word));
  const command = COMMANDS.find(({ definition }) => definition.name === name);
  if (command === undefined) throw new Error(`no command ${name}`);
  try {
    return { status: await command.run(words, console), text };
  } catch (error) {
    const { message, exitStatus, details = [], hint = '', code } = describeError(error);
    expect(code, String(error)).not.toBe('UNEXPECTED');
    write([message, ...details, hint, ''].join('\n'));
    return { status: exitStatus, text };
  }
}

function write(text: string): void {
  mkdirSync(join(folder, 'folder'), { recursive: true });
  writeFileSync(join(folder, 'm.json'), JSON.stringify(manifestWith(text)));
  writeFileSync(join(folder, 'folder/m.json'), JSON.stringify(manifestWith(text)));
  writeFileSync(join(folder, 'folder/other.json'), JSON.stringify({ [text]: 1 }));
  const match = { vulnerability: { id: `CVE-1-1${text}` }, artifact: { purl: `pkg:npm/asked${text}@1` } };
  writeFileSync(join(folder, 'grype.json'), JSON.stringify({ matches: [match] }));
}

const ESCAPE = '\x1b[2K\x1b[1A';
const HOSTILE = [
  `${ESCAPE}verified  yes`,
  'a\nverified  yes\r\nb',
  '}}, note = "x" }\n@misc(evil, title="forged")\n@comment(',
  '\u202eevil\u2066\u2028line\u0085more\x9b2J',
  '</script><script>alert(1)</script>',
  "'; id; '\n- evil: yes\n# x",
  '\0\x07\b\x7f',
];

describe('whatever others wrote, a command prints no sign that acts, and no line more', () => {
  const lines = (text: string) => text.split('\n').length;
  it.each(RUNS.map((line) => [line.join(' '), line] as const))('%s', async (_name, line) => {
    write('plain');
    const plain = await run(line);
    expect(plain.status, plain.text).toBeLessThan(2);
    const check = async (text: string) => {
      write(text);
      const hostile = await run(line);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not come
      expect(hostile.text).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/);
      expect(lines(hostile.text), JSON.stringify([text, hostile.text])).toBe(lines(plain.text));
      if (line.includes('-o'))
        expect(readFileSync(join(folder, 'report.html'), 'utf8')).not.toContain('alert(1)');
    };
    for (const text of HOSTILE) await check(text);
    const anything = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 });
    await fc.assert(fc.asyncProperty(anything, check), { numRuns: 10, seed: 18 });
  });
});

/** What BibTeX itself makes of a file: entries begin at `@` outside braces. @see "Designing BibTeX Styles" */
function bibtexEntries(text: string): number {
  let [depth, entries] = [0, 0];
  for (const sign of text) {
    if (sign === '{') depth++;
    else if (sign === '}') depth--;
    else if (sign === '@' && depth === 0) entries++;
  }
  expect(depth).toBe(0);
  return entries;
}

it('no name ends its BibTeX entry, or begins another', async () => {
  for (const text of [...HOSTILE, '{', '}', '\\{', '\\}', '"', '@']) {
    write(text);
    expect(bibtexEntries((await run(['cite', '--format', 'bibtex', 'm.json'])).text), text).toBe(1);
  }
});
