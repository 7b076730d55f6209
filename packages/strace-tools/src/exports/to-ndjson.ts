import { withShownBytes } from './shown-bytes.js';

/**
 * Values as lines of JSON, each byte string with a readable twin.
 *
 * @example for await (const line of toNdjson(parseStrace(log))) process.stdout.write(line);
 */
export async function* toNdjson(values: AsyncIterable<unknown> | Iterable<unknown>): AsyncGenerator<string> {
  for await (const value of values) yield `${JSON.stringify(withShownBytes(value))}\n`;
}
