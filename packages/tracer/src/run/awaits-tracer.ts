/** Calls that wait for a child, by their numbers on x86-64, arm64 and 32-bit x86. @see wait(2), syscall(2) */
const WAIT4: ReadonlySet<string> = new Set(['61', '260', '7', '114']);
const WAITID: ReadonlySet<string> = new Set(['247', '95', '284']);

/** -1, as wide as the caller wrote it, and 0: a child of the caller's group, which the tracer is in. */
const ANY_CHILD: ReadonlySet<string> = new Set(['0xffffffffffffffff', '0xffffffff', '0x0']);
/** P_ALL, and P_PGID. */
const ANY_OF_ALL: ReadonlySet<string> = new Set(['0x0', '0x2']);

/**
 * Whether process 1 waits for a child to end, and has none but its tracer: the kernel gives it whoever has lost its
 * parent. Without the tracer, the call would say that there is no child.
 *
 * @param text  what `head -v` printed of `/proc/PID/{stat,status}` and `/proc/1/task/TID/syscall`
 * @see proc(5)
 */
export function awaitsTracer(text: string): boolean {
  const files = new Map<string, string>();
  for (const part of text.split(/^==> /m)) {
    const [, path, content] = /^(\S+) <==\n(.*)/s.exec(part) ?? [];
    if (path !== undefined && content !== undefined) files.set(path, content);
  }
  const tracer = /^TracerPid:\t(\d+)$/m.exec(files.get('/proc/1/status') ?? '')?.[1];
  const children: string[] = [];
  const calls: string[] = [];
  for (const [path, content] of files) {
    const [, pid] = /^\/proc\/(\d+)\/stat$/.exec(path) ?? [];
    if (pid !== undefined && parentOf(content) === '1') children.push(pid);
    if (/^\/proc\/1\/task\/\d+\/syscall$/.test(path)) calls.push(content);
  }
  return children.length === 1 && children[0] === tracer && calls.length > 0 && calls.every(waitsForAny);
}

/** The fourth field; the second is a name in parentheses, which may hold anything. */
function parentOf(stat: string): string | undefined {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
}

function waitsForAny(call: string): boolean {
  const [number = '', first = ''] = call.trim().split(' ');
  return (WAIT4.has(number) && ANY_CHILD.has(first)) || (WAITID.has(number) && ANY_OF_ALL.has(first));
}
