/** What a shell does itself, without a program. @see POSIX, 2.14 "Special Built-In Utilities"; bash(1) */
export const BUILTINS: ReadonlySet<string> = new Set(
  '. : [ alias bg bind break builtin caller cd command compgen complete continue declare dirs disown echo enable eval exec exit export false fc fg getopts hash help history jobs kill let local logout mapfile popd printf pushd pwd read readarray readonly return set shift shopt source suspend test times trap true type typeset ulimit umask unalias unset wait'.split(
    ' ',
  ),
);

/** How a command that starts another one is written. */
interface Prefix {
  /** Words before the other command: the user of gosu. Default 0. */
  readonly operands?: number;
  /** Letters of options that take a value of their own. */
  readonly valued?: string;
}

export const PREFIXES: Readonly<Record<string, Prefix>> = {
  builtin: {},
  chroot: { operands: 1 },
  command: {},
  'dumb-init': {},
  env: { valued: 'uCS' },
  exec: { valued: 'a' },
  gosu: { operands: 1 },
  ionice: { valued: 'cnp' },
  nice: { valued: 'n' },
  nohup: {},
  setsid: {},
  stdbuf: { valued: 'ioe' },
  'su-exec': { operands: 1 },
  sudo: { valued: 'ughpCD' },
  time: {},
  timeout: { operands: 1, valued: 'ks' },
  tini: {},
  xargs: { valued: 'InPLdaEs' },
};
