/** The files of a toolbox: path within it → content. */
export type ToolboxFiles = ReadonlyMap<string, Uint8Array>;

/** Whether it has what no toolbox can be without. */
export function isToolbox(files: ToolboxFiles): boolean {
  return files.has('loader') && files.has('bin/strace');
}
