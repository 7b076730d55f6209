import { access } from 'node:fs/promises';
import { StraceToolsError } from '../strace-tools-error.js';

/** @throws StraceToolsError TARGET_EXISTS */
export async function requireFree(file: string): Promise<void> {
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (isThere)
    throw new StraceToolsError('TARGET_EXISTS', `${file} is there already`, {
      hint: 'Give another name, or remove it.',
    });
}
