import type { Container } from '@keepset/docker-engine';
import { isToolbox, type ToolboxFiles } from './toolbox-files.js';

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
