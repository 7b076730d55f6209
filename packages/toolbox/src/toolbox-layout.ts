import { randomBytes } from 'node:crypto';

/**
 * Where the toolbox is mounted in a container. No image can know the name: nothing that it holds or declares as a VOLUME
 * is there, below it or on the way.
 */
export const TOOLBOX_FOLDER: string = `/.keepset-${randomBytes(8).toString('hex')}`;

/** The programs of a toolbox. GNU's own: a busybox `tar` or `find` lacks what is asked of them. */
export const TOOLBOX_PROGRAMS = [
  'strace',
  'setpriv',
  'tar',
  'find',
  'xargs',
  'head',
  'cat',
  'env',
  'sleep',
  'bash',
] as const;
/** One of them. */
export type ToolboxProgram = (typeof TOOLBOX_PROGRAMS)[number];

/**
 * The command that runs a program of the toolbox in a container: through the toolbox's own loader and libraries,
 * so that it works on an image with another C library, or with none.
 *
 * @see ld.so(8), "--library-path"
 * @example toolCommand('cat', ['/etc/passwd']).slice(-2) // [`${TOOLBOX_FOLDER}/bin/cat`, '/etc/passwd']
 */
export function toolCommand(program: ToolboxProgram, args: readonly string[] = []): string[] {
  return [
    `${TOOLBOX_FOLDER}/loader`,
    '--library-path',
    `${TOOLBOX_FOLDER}/lib`,
    `${TOOLBOX_FOLDER}/bin/${program}`,
    ...args,
  ];
}

/** Variables that act on any dynamic program, or on what the toolbox's programs say and do. @see ld.so(8), locale(7) */
const OF_PROGRAMS =
  /^(?:LD_.*|GLIBC_TUNABLES|GCONV_PATH|LOCPATH|NLSPATH|LANG|LANGUAGE|LC_.*|MALLOC_.*|TAR_OPTIONS|POSIXLY_CORRECT|TMPDIR|TZ|TZDIR|STRACE_.*)$/;

/**
 * Whether a variable of an image or a run would reach into the toolbox's programs.
 *
 * @example isLoaderVariable('LD_PRELOAD') // true
 */
export function isLoaderVariable(name: string): boolean {
  return OF_PROGRAMS.test(name);
}

/**
 * The environment of a container in which the toolbox's programs alone run: nothing of the image's.
 *
 * @param imageEnv  NAME=value, of the image's configuration
 * @see Docker Engine API, "Create a container": a variable without = is removed
 * @example ownEnvironment(['LD_PRELOAD=/lib/x.so'])[1] // 'LD_PRELOAD'
 */
export function ownEnvironment(imageEnv: readonly string[] | null | undefined): string[] {
  const names = (imageEnv ?? []).map((variable) => variable.split('=')[0] ?? '');
  return [PATH, ...names.filter((name) => name !== '' && name !== 'PATH')];
}

const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
