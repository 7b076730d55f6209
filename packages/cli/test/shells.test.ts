import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensurePrograms } from '../../../test-fixtures/ensure-programs.ts';
import { connectTestEngine, ensureBase } from '../../../test-fixtures/images.ts';

const run = promisify(execFile);
const PROGRAM = new URL('../dist/keepset.js', import.meta.url).pathname;
const MANUAL = new URL('../man/keepset.1', import.meta.url).pathname;
const DONE = 'all was typed';

let folder: string;
let image: string;

beforeAll(async () => {
  await ensurePrograms('zsh', 'fish', 'man');
  await using engine = await connectTestEngine();
  image = await ensureBase(engine);
  folder = mkdtempSync(join(tmpdir(), 'test-shells-'));
  for (const name of ['my manifest.json', 'other.txt']) writeFileSync(join(folder, name), '{}');
  // What is typed is printed, and not done; in sh, so that each shell can start it.
  const script = `#!/bin/sh
case $1 in
completion | __complete) exec '${process.execPath}' '${PROGRAM}' "$@" ;;
esac
printf '<%s>' "$@"
echo
`;
  writeFileSync(join(folder, 'keepset'), script, { mode: 0o755 });
  writeFileSync(join(folder, 'bashrc'), 'eval "$(keepset completion bash)"\n');
  writeFileSync(
    join(folder, '.zshrc'),
    'unsetopt BEEP PROMPT_SP\nautoload -Uz compinit && compinit -u -D\neval "$(keepset completion zsh)"\n',
  );
});

afterAll(() => rmSync(folder, { recursive: true }));

/** What a shell on a terminal does with keys, and what it prints. */
async function type(shell: 'bash' | 'zsh', keys: string): Promise<string> {
  const command = shell === 'bash' ? 'bash --noprofile --rcfile bashrc -i' : 'zsh -i';
  const environment = {
    ...process.env,
    PATH: `${folder}:${process.env.PATH}`,
    ZDOTDIR: folder,
    TERM: 'dumb',
  };
  const child = spawn('script', ['-qec', command, '/dev/null'], { cwd: folder, env: environment });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk;
    // Keys that come before the shell listens would be echoed, and not completed.
    if (/[$%#] $/.test(stripVTControlCharacters(text)) && keys !== '') {
      child.stdin.write(keys);
      keys = '';
    }
    if (text.includes(`<${DONE}>`)) child.stdin.end('exit\n');
  });
  await new Promise((resolve) => child.on('close', resolve));
  return text;
}

const LINES: readonly (readonly [keys: string, words: string])[] = [
  ['keepset shri\t-t small', '<shrink><-t><small>'],
  ['keepset shrink --keep-l\tx', '<shrink><--keep-list><x>'],
  ['keepset shrink --listed st\tx', '<shrink><--listed><stub><x>'],
  ['keepset diff --by=pa\t', '<diff><--by=pa'],
  ['keepset report -o x my\t', '<report><-o><x><my manifest.json>'],
];

describe.each(['bash', 'zsh'] as const)('%s', (shell) => {
  it('completes commands, options, values, files and images', async () => {
    const [name = '', tag = ''] = image.split(':');
    const ofImage = [`keepset shrink ${name}:${tag.slice(0, -1)}\ttrue`, `<shrink><${image}><true>`] as const;
    const lines = [...LINES, ofImage];
    const text = await type(shell, `${lines.map(([keys]) => `${keys}\n`).join('')}keepset '${DONE}'\n`);
    for (const [, words] of lines) expect(text).toContain(words);
  });
});

it('fish completes commands, options, values, files and images', async () => {
  const complete = async (line: string) => {
    const script = `keepset completion fish | source; complete --do-complete '${line}'`;
    const environment = { ...process.env, PATH: `${folder}:${process.env.PATH}`, HOME: folder };
    const { stdout } = await run('fish', ['--no-config', '-c', script], { cwd: folder, env: environment });
    return stdout.split('\n').map((each) => each.split('\t')[0]);
  };
  expect(await complete('keepset shri')).toEqual(['shrink', '']);
  expect(await complete('keepset shrink --keep-l')).toEqual(['--keep-list', '']);
  expect(await complete('keepset shrink --listed st')).toEqual(['stub', '']);
  expect(await complete('keepset report -o x ')).toContain('my manifest.json');
  expect(await complete(`keepset shrink ${image.slice(0, -1)}`)).toContain(image);
});

it('man shows the manual page without a complaint', async () => {
  const environment = { ...process.env, LC_ALL: 'C.UTF-8', MANWIDTH: '100' };
  const { stdout, stderr } = await run('man', ['--warnings', '--local-file', MANUAL], { env: environment });
  expect(stderr).toBe('');
  const text = stdout.replace(/ +/g, ' ');
  expect(text).toContain('NAME\n keepset - make a Docker image');
  expect(text).toContain('keepset shrink --http / -t web:small nginx');
});
