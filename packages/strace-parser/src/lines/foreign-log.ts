/** What a line has that only this program prints. */
const PROGRAMS: ReadonlyArray<readonly [string, RegExp]> = [
  ['perf trace', /^ *[\d.?]+ \([ \d.ms]+\): /],
  ['gVisor', / strace\.go:\d+\] /],
  ['dtruss', /SYSCALL\(args\)|\)\t\t = -?\w+ \S+$/],
  ['truss', /\bErr#\d+ ['A-Z]|= \d+ \(0x[0-9a-f]+\)$/i],
  ['ltrace', /^(?:\[pid \d+\] |\d+ )?(?:__libc_start_main|SYS_\w+)\(|\+\+\+ exited \(status |= <void>$/],
  ['qemu', /= -1 errno=\d+ \(|^\d+ \w+\(AT_FDCWD,"/],
];

/** The program that printed this line, if it is another one than strace and that can be seen. */
export function foreignProgram(line: string): string | undefined {
  return PROGRAMS.find(([, pattern]) => pattern.test(line))?.[0];
}
