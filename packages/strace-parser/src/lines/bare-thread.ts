/**
 * Whose lines have no pid. On a terminal strace prints `[pid N]` only while there is more than one process, so
 * in one log the first process appears without a number, then with one, and the last one alone again without.
 */
export class BareThread {
  pid: number;
  readonly #given: boolean;
  readonly #alive = new Set<number>();
  readonly #attached = new Set<number>();

  /** @param pid  what the caller knows; 0 if nothing */
  constructor(pid: number) {
    this.pid = pid;
    this.#given = pid !== 0;
  }

  /**
   * A message of strace's may announce a child; the first line of a log, the process itself (-p, -D).
   *
   * @param isFirst  nothing else has been said so far
   */
  heard(message: string, isFirst: boolean): void {
    const text = /Process (\d+) attached/.exec(message)?.[1];
    if (text === undefined) return;
    const pid = Number(text);
    if (isFirst && !this.#given) this.pid = pid;
    else this.#attached.add(pid);
    this.#alive.add(pid);
  }

  /** Whether `[pid N]` says nothing new. */
  knows(pid: number): boolean {
    return this.#given || this.#alive.has(pid) || this.#attached.size === 0;
  }

  /** `[pid N]` has been seen. True, once, if it is the one that had no number so far. */
  isFirst(pid: number): boolean {
    if (this.knows(pid)) return false;
    this.#alive.add(pid);
    if (this.pid !== 0) return false;
    this.pid = pid;
    return true;
  }

  ended(pid: number): void {
    if (this.#given || !this.#alive.delete(pid)) return;
    const [last] = this.#alive;
    if (last !== undefined && this.#alive.size === 1) this.pid = last;
  }
}
