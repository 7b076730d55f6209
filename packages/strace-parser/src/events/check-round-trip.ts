import type { StraceEvent } from './events.js';
import { printEvent, printLines } from './print-event.js';

/** Whether printing an event's tree gives back its text, and its lines. */
export function isRoundTrip(event: StraceEvent): boolean {
  if (printEvent(event) !== event.text) return false;
  if (event.kind !== 'syscall') return true;
  const lines = printLines(event);
  return event.parts.every((part, i) => lines[i] === part.text);
}
