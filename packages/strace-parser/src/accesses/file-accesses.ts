import type { StraceEvent, SyscallEvent } from '../events/events.js';
import { AccessModel, type AccessOptions } from './access-model.js';
import { findCall } from './call-table.js';
import type { FileAccess } from './file-access.js';

/**
 * The file accesses of a log's events: one record per path that a call touched.
 *
 * A pure stage: it needs the events in their order, and nothing else. `readAccesses` gives the same from the
 * log itself, several times as fast.
 *
 * @param events   of one log, all of them, as `parseStrace` gives them
 * @param options  where processes start, as far as the log does not show it
 */
export async function* fileAccesses(
  events: AsyncIterable<StraceEvent> | Iterable<StraceEvent>,
  options: AccessOptions = {},
): AsyncGenerator<FileAccess> {
  const model = new AccessModel(options);
  for await (const event of events) {
    feed(model, event);
    if (model.out.length > 0) {
      yield* model.out;
      model.out = [];
    }
  }
  model.processes.settleAll();
  yield* model.out;
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
