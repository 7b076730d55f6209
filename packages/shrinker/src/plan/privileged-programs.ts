import type { ImageTree } from '@keepset/image-tree';
import type { Identity } from '@keepset/tracer';

const SETUID = 0o4000;
const SETGID = 0o2000;

/**
 * The executed programs that would have changed the rights of their process. strace's seccomp filter sets
 * no-new-privileges, under which they gain nothing: such a run must be traced without it.
 *
 * @param capable  the programs that have capabilities of their own
 * @see execve(2), "Effect on process credentials"; strace(1), --seccomp-bpf
 */
export function privilegedPrograms(
  executed: readonly string[],
  tree: ImageTree,
  { uid, gid }: Identity,
  capable: readonly string[] = [],
): readonly string[] {
  return executed.filter((path) => {
    const entry = tree.get(path);
    if (entry === undefined) return false;
    return (
      // Root has them all.
      (uid !== 0 && capable.includes(path)) ||
      ((entry.mode & SETUID) !== 0 && entry.uid !== uid) ||
      ((entry.mode & SETGID) !== 0 && entry.gid !== gid)
    );
  });
}
