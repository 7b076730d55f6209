/** Where the toolbox is mounted in a container. */
export const TOOLBOX_FOLDER = '/.keepset';

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
] as const;
/** One of them. */
export type ToolboxProgram = (typeof TOOLBOX_PROGRAMS)[number];

/**
 * The command that runs a program of the toolbox in a container: through the toolbox's own loader and libraries,
 * so that it works on an image with another C library, or with none.
 *
 * @see ld.so(8), "--library-path"
 * @example toolCommand('cat', ['/etc/passwd']).slice(-2) // ['/.keepset/bin/cat', '/etc/passwd']
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

/** Variables of an image that act on every dynamic program: empty for the toolbox's own. @see ld.so(8) */
export const LOADER_VARIABLES: readonly string[] = [
  'LD_PRELOAD',
  'LD_LIBRARY_PATH',
  'LD_AUDIT',
  'LD_DEBUG',
  'LD_BIND_NOW',
  'LD_PROFILE',
  'TAR_OPTIONS',
  'POSIXLY_CORRECT',
];

/**
 * What to set in a container in which the toolbox runs beside nothing of the image. Only what the image sets: to some,
 * an empty variable says something.
 *
 * @param imageEnv  NAME=value, of the image's configuration
 * @example quietVariables(['PATH=/bin', 'LD_PRELOAD=/lib/x.so']) // ['LD_PRELOAD=']
 */
export function quietVariables(imageEnv: readonly string[] | null | undefined): string[] {
  return (imageEnv ?? [])
    .map((variable) => variable.split('=')[0] ?? '')
    .filter((name) => LOADER_VARIABLES.includes(name))
    .map((name) => `${name}=`);
}
