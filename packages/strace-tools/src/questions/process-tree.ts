import { FileModel, type ProcessEnd, type Program, type StraceEvent } from '@keepset/strace-parser';
import { type Fork, forkOf } from './forks.js';
import { type EventInput, type QuestionOptions, wantedEvents } from './traced-events.js';

/** One process; its threads are not told apart. */
export interface ProcessNode {
  readonly pid: number;
  /** What it executed, one after the other. Empty: it went on with what its parent had executed. */
  readonly programs: readonly Program[];
  /** What it ran last: of its own, or of its parent. */
  readonly program: Program | undefined;
  /** Seconds, as `time` of events; undefined in a log without times. */
  readonly startTime: number | undefined;
  readonly endTime: number | undefined;
  /** Seconds from the first to the last that the log has of it. */
  readonly wallTime: number | undefined;
  /** How it ended, as far as the log tells. */
  readonly end: ProcessEnd | undefined;
  /** How many threads it had besides its first. */
  readonly threads: number;
  /** Its calls. */
  readonly calls: number;
  readonly children: readonly ProcessNode[];
}

class Node implements ProcessNode {
  programs: Program[] = NO_PROGRAMS;
  inherited: Program | undefined = undefined;
  startTime: number | undefined = undefined;
  endTime: number | undefined = undefined;
  end: ProcessEnd | undefined = undefined;
  threads = 0;
  calls = 0;
  children: Node[] = NO_NODES;
  parent: Node | undefined = undefined;

  constructor(public pid: number) {}

  get program(): Program | undefined {
    return this.programs.at(-1) ?? this.inherited;
  }

  get wallTime(): number | undefined {
    const { startTime, endTime } = this;
    return startTime === undefined || endTime === undefined ? undefined : endTime - startTime;
  }

  adopt(child: Node): void {
    if (child.parent !== undefined || child === this) return;
    child.parent = this;
    child.inherited ??= this.program;
    if (this.children.length === 0) this.children = [];
    this.children.push(child);
  }

  saw(time: number | undefined): void {
    if (time === undefined) return;
    this.startTime ??= time;
    if (!(time < (this.endTime ?? Number.NEGATIVE_INFINITY))) this.endTime = time;
  }

  executed(program: Program): void {
    if (this.programs.length === 0) this.programs = [];
    this.programs.push(program);
  }
}

// Of most processes there is nothing to list: a million of them need no million lists.
const NO_PROGRAMS: Program[] = [];
const NO_NODES: Node[] = [];

/**
 * Which process made which, what each executed, how long it lived and how it ended.
 *
 * A number that is given again after its process has ended is another process.
 *
 * @returns  those whose parent is not in the log
 * @throws StraceToolsError FILTER_INVALID
 * @example
 * const [root] = await processTree(parseStrace(log));
 * root?.children.filter(({ programs }) => programs.length === 0); // children that never execute anything
 */
export async function processTree(
  events: EventInput,
  options: QuestionOptions = {},
): Promise<readonly ProcessNode[]> {
  const tree = new Tree();
  for await (const { event, program } of wantedEvents(events, options, new FileModel()))
    tree.read(event, program);
  return tree.roots();
}

class Tree {
  readonly #all: Node[] = [];
  /** By thread: the process that it is of. */
  readonly #alive = new Map<number, Node>();
  /** Children that ended before the call that made them returned. */
  readonly #orphans = new Map<number, Node>();

  read(event: StraceEvent, program: Program | undefined): void {
    switch (event.kind) {
      case 'syscall': {
        const node = this.#of(event.startedBy);
        node.calls++;
        node.saw(event.time);
        node.saw(event.endTime);
        if (/^exit(?:_group)?$/.test(event.name)) node.end ??= exitOf(event.argumentsText);
        const fork = forkOf(event);
        if (fork !== undefined) this.#born(node, fork, event.endTime ?? event.time);
        else if (isExecuted(event) && program !== undefined)
          this.#executed(event.pid, event.startedBy, program);
        break;
      }
      case 'end':
        this.#ended(event.pid, event.end, event.time);
        break;
      case 'superseded':
        this.#alive.delete(event.thread);
        break;
      case 'named':
        this.#renamed(event.pid);
        break;
      case 'signal':
      case 'stopped':
        this.#of(event.pid).saw(event.time);
        break;
    }
  }

  roots(): readonly ProcessNode[] {
    return this.#all.filter(({ parent }) => parent === undefined);
  }

  #of(pid: number): Node {
    let node = this.#alive.get(pid);
    if (node === undefined) {
      node = new Node(pid);
      this.#alive.set(pid, node);
      this.#all.push(node);
    }
    return node;
  }

  #born(parent: Node, { child, isThread }: Fork, time: number | undefined): void {
    if (isThread) {
      parent.threads++;
      this.#join(child, parent);
      return;
    }
    const orphan = this.#orphans.get(child);
    this.#orphans.delete(child);
    const known = orphan ?? this.#alive.get(child);
    if (known !== undefined && known.parent === undefined && known !== parent) {
      parent.adopt(known);
      return;
    }
    this.#alive.delete(child);
    const node = this.#of(child);
    node.saw(time);
    parent.adopt(node);
  }

  /** A thread may have spoken before the call that made it returned: then it was taken for a process. */
  #join(thread: number, process: Node): void {
    const known = this.#alive.get(thread);
    if (known !== undefined && known !== process && known.parent === undefined) {
      process.calls += known.calls;
      process.saw(known.endTime);
      known.parent = process;
    }
    this.#alive.set(thread, process);
  }

  #executed(pid: number, startedBy: number, program: Program): void {
    const node = this.#of(startedBy);
    if (pid !== startedBy) this.#alive.delete(startedBy);
    this.#alive.set(pid, node);
    if (node.programs.at(-1) !== program) node.executed(program);
  }

  #ended(pid: number, end: ProcessEnd, time: number | undefined): void {
    const node = this.#of(pid);
    node.saw(time);
    this.#alive.delete(pid);
    if (node.pid !== pid) return;
    node.end = end;
    if (node.parent === undefined) this.#orphans.set(pid, node);
  }

  /** The thread without a number has one. */
  #renamed(pid: number): void {
    const node = this.#alive.get(0);
    if (node === undefined) return;
    this.#alive.delete(0);
    this.#alive.set(pid, node);
    node.pid = pid;
  }
}

/** strace may say no more of an end: -e quiet=exit. The kernel keeps a status's low eight bits. */
function exitOf(argumentsText: string): ProcessEnd | undefined {
  const status = /^(?:\w+=)?(-?(?:0x[\da-f]+|\d+))/.exec(argumentsText)?.[1];
  return status === undefined ? undefined : { how: 'exiting', status: Number(status) & 255 };
}

function isExecuted(event: StraceEvent): boolean {
  if (event.kind !== 'syscall' || !/^execve(?:at)?$/.test(event.name)) return false;
  return event.superseded || /^0\b/.test(event.resultText);
}
