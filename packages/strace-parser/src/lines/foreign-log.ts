/** What a line has that only this program prints. */
const PROGRAMS: ReadonlyArray<readonly [string, RegExp]> = [
  ['perf trace', /^ *[\d.?]+ \([ \d.ms]+\): /],
  ['gVisor', / strace\.go:/],
  ['dtruss', /SYSCALL\(args\)|\)\t\t = -?\w+ \S+$/],
  ['truss', / err#\d+ |= \d+ \(0x\w+\)$/i],
  ['ltrace', /\b(?:__libc_start_main|SYS_\w+)\(|exited \(status |= <void>$/],
  ['qemu', / errno=\d+ \(|AT_FDCWD,"/],
];

/** What the traced program has chosen: strings, and paths of descriptors. It may be anything. */
const QUOTED = /"(?:\\.|[^"\\])*"|<\/[^>]*>/g;

/** The program that printed this line, if it is another one than strace and that can be seen. */
export function foreignProgram(line: string): string | undefined {
  const own = line.replace(QUOTED, '"');
  return PROGRAMS.find(([, pattern]) => pattern.test(own))?.[0];
}
