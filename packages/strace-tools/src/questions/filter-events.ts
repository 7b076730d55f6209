import type { StraceEvent } from '@keepset/strace-parser';
import type { EventFilter } from './event-filter.js';
import { type EventInput, wantedEvents } from './traced-events.js';

/**
 * The events that a filter lets through, in their order.
 *
 * Another question over these does not know what was left out: give the filter to the question itself, which reads all
 * events and counts those.
 *
 * @throws StraceToolsError FILTER_INVALID
 * @example
 * for await (const event of filterEvents(parseStrace(log), { paths: ['/etc/**'], errnos: ['any'] }))
 *   console.log(event.line, event.text);
 */
export async function* filterEvents(events: EventInput, filter: EventFilter): AsyncGenerator<StraceEvent> {
  for await (const { event } of wantedEvents(events, { filter })) yield event;
}
