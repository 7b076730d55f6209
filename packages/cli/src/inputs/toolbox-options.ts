import type { ToolboxSource } from '@keepset/toolbox';
import { UsageError } from '../options/usage-error.js';
import type { Console } from '../terminal/console.js';

/** Where strace and tar come from, as the library takes it. */
export interface ToolboxOptions {
  readonly source: ToolboxSource;
  /** Of the image that is built; a reference. */
  readonly base?: string;
}

/**
 * @param source  the value of `--toolbox`
 * @throws UsageError
 */
export function toolboxOptions(
  source: string,
  { environment }: Pick<Console, 'environment'>,
): ToolboxOptions {
  const base = environment.KEEPSET_TOOLBOX_BASE;
  return { source: parseToolboxSource(source), ...(base && { base }) };
}

function parseToolboxSource(text: string): ToolboxSource {
  if (text === 'auto' || text === 'host' || text === 'image' || text === 'install') return text;
  const reference = /^image=(.+)$/s.exec(text)?.[1];
  if (reference !== undefined) return `image=${reference}`;
  if (/^\.{0,2}\//.test(text)) return `dir=${text}`;
  throw new UsageError(
    `--toolbox ${text}: not valid`,
    'Use auto, host, image, image=REF, install, or a folder, with a slash at its start (./DIR).',
  );
}
