import { ManifestError } from '@keepset/manifest';
import type { Console } from '../../terminal/console.js';
import { plainLine } from '../../terminal/plain-text.js';

/** A manifest that cannot be read is named, and the others are read all the same. */
export async function passedOver(console: Console, read: () => Promise<void>): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    console.writeError(`keepset: passed over: ${plainLine(error.message)}\n`);
  }
}
