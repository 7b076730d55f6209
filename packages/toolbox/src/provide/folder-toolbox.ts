import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { ToolboxError } from '../toolbox-error.js';
import { isToolbox, type ToolboxFiles } from './toolbox-files.js';

/**
 * Read a toolbox out of a folder of this machine, laid out as that of a toolbox image: `loader`, `bin`, `lib`.
 *
 * @throws ToolboxError TOOLBOX_UNAVAILABLE  no such folder, or it holds no toolbox
 */
export async function readFolderToolbox(folder: string): Promise<ToolboxFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause) => {
    throw unavailable(
      `the folder ${folder} cannot be read (${(cause as NodeJS.ErrnoException).code})`,
      cause,
    );
  });
  const files = new Map<string, Uint8Array>();
  for (const entry of entries) {
    const file = join(entry.parentPath, entry.name);
    if (!entry.isDirectory()) files.set(relative(folder, file), await readFile(file));
  }
  if (!isToolbox(files)) throw unavailable(`the folder ${folder} holds no toolbox`);
  return files;
}

function unavailable(message: string, cause?: unknown): ToolboxError {
  return new ToolboxError('TOOLBOX_UNAVAILABLE', message, {
    facts: { source: 'dir' },
    hint: "It must hold loader, bin/ and lib/: 'docker cp' of /toolbox from a container of a toolbox image makes one.",
    cause,
  });
}
