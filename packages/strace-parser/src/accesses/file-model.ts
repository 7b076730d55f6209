import type { StraceEvent, SyscallEvent } from '../events/events.js';
import type { TracedProcess } from '../processes/traced-process.js';
import { AccessModel, type AccessOptions } from './access-model.js';
import { findCall } from './call-table.js';
import type { FileAccess, Program } from './file-access.js';

/**
 * What the processes of a log know of files, event by event: what their descriptors are, which program they run. For
 * questions that want more of an event than its accesses.
 *
 * @example
 * const files = new FileModel();
 * for await (const event of parseStrace(log)) {
 *   files.read(event);
 *   if (event.kind === 'syscall' && event.name === 'read') files.pathOf(event.pid, 3); // '/etc/motd'
 * }
 */
export class FileModel {
  readonly #model: AccessModel;

  constructor(options: AccessOptions = {}) {
    this.#model = new AccessModel(options);
  }

  /**
   * The next event of the log: all of them must come, in their order.
   *
   * @returns  the accesses that are known now. Those of a process whose parent is not known yet come later.
   */
  read(event: StraceEvent): readonly FileAccess[] {
    feed(this.#model, event);
    return this.#take();
  }

  /** The log is at its end: what accesses there are still. */
  finish(): readonly FileAccess[] {
    this.#model.processes.settleAll();
    return this.#take();
  }

  /** What a descriptor of a thread is: a byte string; undefined if it is no file, or the log does not show which. */
  pathOf(pid: number, descriptor: number): string | undefined {
    return this.#model.processes.find(pid)?.files.get(descriptor)?.path;
  }

  /** What a thread executed last, or inherited. */
  programOf(pid: number): Program | undefined {
    return this.#model.processes.find(pid)?.program;
  }

  /** Those that executed something, made another, or were made, in the order in which they were first met. */
  get processes(): readonly TracedProcess[] {
    return this.#model.processes.genealogy.list();
  }

  #take(): readonly FileAccess[] {
    const { out } = this.#model;
    if (out.length > 0) this.#model.out = [];
    return out;
  }
}

function feed(model: AccessModel, event: StraceEvent): void {
  switch (event.kind) {
    case 'syscall':
      feedCall(model, event);
      break;
    case 'forking':
      model.processes.enterFork(event.pid, event.argumentsText);
      break;
    case 'cut': {
      const spec = event.name === undefined ? undefined : findCall(event.name);
      if (spec === undefined) break;
      model.at(event.time);
      model.lost(spec, event.pid, event.line, event.argumentsText ?? '');
      break;
    }
    case 'end':
      model.processes.ended(event.pid);
      break;
    case 'superseded':
      model.processes.supersede(event.pid, event.thread);
      break;
    case 'named':
      model.processes.supersede(event.pid, 0);
      break;
  }
}

function feedCall(model: AccessModel, event: SyscallEvent): void {
  const spec = findCall(event.name);
  if (spec === undefined || event.completeness === 'headless') return;
  const { pid, line, text, name, startedBy, superseded } = event;
  model.at(event.time, event.endTime);
  if (event.completeness === 'unfinished') model.lost(spec, pid, line, event.argumentsText);
  else model.call(spec, pid, line, text, name.length + 1, text.length, startedBy, superseded);
}
