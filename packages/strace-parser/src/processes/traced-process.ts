import type { Program } from '../accesses/file-access.js';

/** One process of a log; its threads are not told apart. */
export interface TracedProcess {
  readonly pid: number;
  /** The process that made it; undefined when the log does not show that. */
  readonly parent: number | undefined;
  /** What it executed, one after the other; empty: what its parent had executed before. */
  readonly programs: readonly Program[];
}

/** Remembers which process made which, and what each executed. */
export class Genealogy {
  readonly #processes = new Map<number, { pid: number; parent: number | undefined; programs: Program[] }>();
  /** The process of each thread that is not its leader. */
  readonly #leaders = new Map<number, number>();

  born(child: number, parent: number, isThread: boolean): void {
    const leader = this.#leaderOf(parent);
    if (isThread) {
      this.#leaders.set(child, leader);
      this.#processes.delete(child);
    } else {
      // A number that is given a second time is another process.
      this.#leaders.delete(child);
      const known = this.#processes.get(child);
      if (known !== undefined && known.parent === undefined) known.parent = leader;
      else this.#processes.set(child, { pid: child, parent: leader, programs: [] });
    }
  }

  /** The process of a thread: its leader's number. */
  processOf(pid: number): number {
    return this.#leaders.get(pid) ?? pid;
  }

  executed(pid: number, program: Program): void {
    this.#at(this.#leaderOf(pid)).programs.push(program);
  }

  /** In the order in which they were first met. */
  list(): readonly TracedProcess[] {
    return [...this.#processes.values()];
  }

  #leaderOf(pid: number): number {
    return this.#leaders.get(pid) ?? this.#at(pid).pid;
  }

  #at(pid: number): { pid: number; parent: number | undefined; programs: Program[] } {
    let process = this.#processes.get(pid);
    if (process === undefined) {
      process = { pid, parent: undefined, programs: [] };
      this.#processes.set(pid, process);
    }
    return process;
  }
}
