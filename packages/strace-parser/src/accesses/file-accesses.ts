import type { StraceEvent } from '../events/events.js';
import type { AccessOptions } from './access-model.js';
import type { FileAccess } from './file-access.js';
import { FileModel } from './file-model.js';

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
  const model = new FileModel(options);
  for await (const event of events) yield* model.read(event);
  yield* model.finish();
}
