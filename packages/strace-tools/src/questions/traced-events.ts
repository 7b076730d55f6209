import { type FileAccess, FileModel, type Program, type StraceEvent } from '@keepset/strace-parser';
import { type EventFilter, EventMatcher } from './event-filter.js';
import { descriptorPaths } from './transfers.js';

/** Where events come from: what `parseStrace` gives, or an array of them. What comes in batches is read in batches. */
export type EventInput =
  | Iterable<StraceEvent>
  | (AsyncIterable<StraceEvent> & { batches?(): AsyncIterable<readonly StraceEvent[]> });

/** An event with what is known when it happens. */
export interface TracedEvent {
  readonly event: StraceEvent;
  /** What it did to files; also of calls before, whose process was not known then. */
  readonly accesses: readonly FileAccess[];
  /** What its thread executed last. */
  readonly program: Program | undefined;
  /** The filter lets it through. */
  readonly isWanted: boolean;
}

/** Which events count. */
export interface QuestionOptions {
  /** Only these events count. All are read: what a process knows comes from all that happened before. */
  readonly filter?: EventFilter | undefined;
}

/**
 * The events of a log with their accesses and programs. All questions are folds over this.
 *
 * @param model  to ask what a descriptor is, while an event is at hand
 * @throws StraceToolsError FILTER_INVALID
 */
export async function* traceEvents(
  events: EventInput,
  { filter = {} }: QuestionOptions = {},
  model: FileModel = new FileModel(),
): AsyncGenerator<TracedEvent> {
  const matcher = new EventMatcher(filter);
  for await (const event of events) {
    const accesses = model.read(event);
    const program = model.programOf(event.pid);
    if (matcher.acceptsAll) yield { event, accesses, program, isWanted: true };
    else {
      const context = { program, accesses, descriptorPaths: () => descriptorPaths(event, model) };
      yield { event, accesses, program, isWanted: matcher.accepts(event, context) };
    }
  }
}

/** The same, in one function call for each event: questions over whole logs have no time to wait for each. */
export async function eachEvent(
  events: EventInput,
  { filter = {} }: QuestionOptions,
  model: FileModel,
  visit: (event: StraceEvent, accesses: readonly FileAccess[], program: Program | undefined) => void,
): Promise<void> {
  const matcher = new EventMatcher(filter);
  for await (const batch of batchesOf(events)) {
    for (const event of batch) {
      const accesses = model.read(event);
      const program = model.programOf(event.pid);
      if (!matcher.acceptsAll) {
        const context = { program, accesses, descriptorPaths: () => descriptorPaths(event, model) };
        if (!matcher.accepts(event, context)) continue;
      }
      visit(event, accesses, program);
    }
  }
}

async function* batchesOf(events: EventInput): AsyncGenerator<Iterable<StraceEvent>> {
  if ('batches' in events && events.batches !== undefined) yield* events.batches();
  else if (Symbol.iterator in events) yield events;
  else for await (const event of events) yield [event];
}

/** Only those that are wanted. */
export async function* wantedEvents(
  events: EventInput,
  options: QuestionOptions = {},
  model: FileModel = new FileModel(),
): AsyncGenerator<TracedEvent> {
  for await (const traced of traceEvents(events, options, model)) if (traced.isWanted) yield traced;
}
