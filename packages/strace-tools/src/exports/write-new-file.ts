import { open, rm } from 'node:fs/promises';
import { StraceToolsError } from '../strace-tools-error.js';

/**
 * Make a file, and have something written into it. What fails leaves no file behind.
 *
 * @param file  must not be there yet
 * @throws StraceToolsError TARGET_EXISTS
 */
export async function writeNewFile(file: string, write: () => Promise<void> | void): Promise<void> {
  try {
    await (await open(file, 'wx')).close();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    throw new StraceToolsError('TARGET_EXISTS', `${file} is there already`, {
      hint: 'Give another name, or remove it.',
      cause,
    });
  }
  try {
    await write();
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
}
