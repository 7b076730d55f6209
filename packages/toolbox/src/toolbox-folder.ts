import type { Container } from '@keepset/docker-engine';
import type { ToolboxFiles } from './host-toolbox.js';

/** The folder of a container or of a toolbox image that holds the files. */
export const IMAGE_FOLDER = '/toolbox';

/** What `gather.sh` left in a container; undefined when there is no toolbox. */
export async function readToolboxFolder(container: Container): Promise<ToolboxFiles | undefined> {
  const entries = await container.getFiles(IMAGE_FOLDER);
  const files = new Map<string, Uint8Array>();
  for await (const { header, content } of entries ?? []) {
    const bytes = Buffer.concat(await Array.fromAsync(content));
    if (header.type === 'file') files.set(header.name.replace(/^toolbox\//, ''), bytes);
  }
  return isToolbox(files) ? files : undefined;
}

/** Whether it has what no toolbox can be without. */
export function isToolbox(files: ToolboxFiles): boolean {
  return files.has('loader') && files.has('bin/strace');
}
