const MONTH = /(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*/;
const WEEKDAY = /(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*/;
/** Behind a time of day. */
const OFFSET = /(?<=:?\d{2}(?:[.,]\d+)? ?)[+-]\d{2}:?\d{2}$/;

/**
 * How a date or a time of day is written, and in which zone: without what a clock moves. A fraction may be left out where it is 0.
 *
 * @param time  a token of form `time`
 */
export function timeShapeOf(time: string): string {
  const offset = OFFSET.exec(time)?.[0] ?? '';
  const shape = time
    .slice(0, time.length - offset.length)
    .replace(/(?<=:\d{2})[.,]\d+/, '')
    .replace(/[AP]M$/, 'PM')
    .replace(WEEKDAY, 'day')
    .replace(MONTH, 'month')
    .replace(/\d+/g, '0')
    .replace(/ +/g, ' ');
  return shape + offset;
}
