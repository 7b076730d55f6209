import { execFile } from 'node:child_process';
import { readFile, realpath } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { ToolboxError } from '../toolbox-error.js';
import { TOOLBOX_PROGRAMS, type ToolboxProgram } from '../toolbox-layout.js';
import type { ToolboxFiles } from './toolbox-files.js';

const run = promisify(execFile);

/** Where distributions put what a toolbox holds. */
const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Node's name of an architecture → the registries'. */
const ARCHITECTURES: Readonly<Record<string, string>> = {
  x64: 'amd64',
  arm64: 'arm64',
  arm: 'arm',
  ia32: '386',
  ppc64: 'ppc64le',
  s390x: 's390x',
  riscv64: 'riscv64',
};

/**
 * The architecture of this machine, as registries name it.
 *
 * @example hostArchitecture().length > 0 // true
 */
export function hostArchitecture(): string {
  return ARCHITECTURES[arch()] ?? arch();
}

/** What a program must answer to be of use. */
const REQUIREMENTS: readonly {
  readonly program: ToolboxProgram;
  readonly args: readonly string[];
  readonly pattern: RegExp;
  readonly expected: string;
}[] = [
  { program: 'tar', args: ['--version'], pattern: /GNU tar/, expected: 'GNU tar' },
  {
    program: 'find',
    args: ['/', '-maxdepth', '0', '-files0-from', '/dev/null'],
    pattern: /cannot be combined with -files0-from/,
    expected: 'GNU find 4.9 or newer',
  },
];

/**
 * Gather the toolbox from this machine: each program with its loader and libraries.
 *
 * @param architecture  of the image, as registries name it (amd64)
 * @param path  where programs are looked for, as in PATH
 * @throws ToolboxError TOOLBOX_UNAVAILABLE  not Linux, another architecture, or a program is missing; the message says which
 */
export async function readHostToolbox(architecture: string, path = SYSTEM_PATH): Promise<ToolboxFiles> {
  if (platform() !== 'linux') throw unavailable(`this machine runs ${platform()}, not Linux`);
  if (ARCHITECTURES[arch()] !== architecture) {
    throw unavailable(`this machine is ${hostArchitecture()}, the image ${architecture}`);
  }
  const programs = await Promise.all(TOOLBOX_PROGRAMS.map((program) => findProgram(program, path)));
  const fileOf = (program: ToolboxProgram): string => programs[TOOLBOX_PROGRAMS.indexOf(program)] ?? program;
  const needing = neededFiles(programs).catch((error: Error) => error);
  // What a program cannot do says more than what ldd finds in it.
  await Promise.all(
    REQUIREMENTS.map((requirement) => requireFeature(requirement, fileOf(requirement.program))),
  );
  const needed = await needing;
  if (needed instanceof Error) throw needed;
  const loaders = new Set(needed.map(({ loader }) => loader));
  const [loader] = loaders;
  if (loaders.size !== 1 || loader === undefined)
    throw unavailable('its programs have several dynamic loaders, or none');
  const sources = new Map([['loader', loader]]);
  for (const [index, program] of TOOLBOX_PROGRAMS.entries())
    sources.set(`bin/${program}`, programs[index] ?? '');
  for (const library of needed.flatMap(({ libraries }) => libraries))
    sources.set(`lib/${basename(library)}`, library);
  const contents = await Promise.all(
    [...sources].map(async ([name, file]) => [name, await readFile(file)] as const),
  );
  return new Map(contents);
}

async function requireFeature(
  { program, args, pattern, expected }: (typeof REQUIREMENTS)[number],
  file: string,
): Promise<void> {
  if (!pattern.test(await outputOf(file, args))) throw unavailable(`its ${program} is not ${expected}`);
}

async function findProgram(program: string, path: string): Promise<string> {
  for (const folder of path.split(delimiter)) {
    if (folder === '') continue;
    try {
      return await realpath(join(folder, program));
    } catch {}
  }
  throw unavailable(`it has no ${program}`);
}

interface NeededFiles {
  readonly loader: string | undefined;
  readonly libraries: readonly string[];
}

/**
 * What the dynamic loader would map for each program. ldd(1) is slow: it is asked for the loader of one program, and that
 * loader for the rest.
 *
 * @see ld.so(8), "--list"; musl's loader has it too
 */
async function neededFiles(programs: readonly string[]): Promise<readonly NeededFiles[]> {
  const [first = ''] = programs;
  const { loader } = await parseNeededFiles(await outputOf('ldd', [first]));
  if (loader === undefined) return [];
  const listEach = 'loader=$1; shift; for program; do "$loader" --list "$program" || exit; echo; done';
  const text = await outputOf('/bin/sh', ['-c', listEach, 'sh', loader, ...programs]);
  const parts = text.trimEnd().split('\n\n');
  if (parts.length !== programs.length)
    throw unavailable(`${programs[parts.length - 1]} cannot be loaded by ${loader}: ${parts.at(-1)}`);
  return await Promise.all(parts.map(parseNeededFiles));
}

async function parseNeededFiles(text: string): Promise<NeededFiles> {
  const libraries: string[] = [];
  let loader: string | undefined;
  for (const line of text.split('\n')) {
    const [, name, target] = /^\s*(\S+)(?: => (\S+))? \(0x/.exec(line) ?? [];
    if (name?.startsWith('/')) loader = await realpath(name);
    else if (target?.startsWith('/')) libraries.push(target);
    else if (/=> not found/.test(line)) throw unavailable(`a library is missing: ${line.trim()}`);
  }
  return { loader, libraries };
}

/** Both outputs, whatever the exit status; empty when it cannot be run. */
async function outputOf(program: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout, stderr } = await run(program, [...args], { env: { PATH: SYSTEM_PATH, LC_ALL: 'C' } });
    return stdout + stderr;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    return stdout + stderr;
  }
}

function unavailable(reason: string): ToolboxError {
  return new ToolboxError('TOOLBOX_UNAVAILABLE', `the programs of this machine cannot be used: ${reason}`, {
    facts: { source: 'host' },
    hint: 'Install strace, GNU tar, findutils, util-linux and bash here, or set `source` to `image`.',
  });
}
