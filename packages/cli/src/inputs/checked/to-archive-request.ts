import type { WriteArchiveOptions } from '@keepset/archive';
import type { Console } from '../../terminal/console.js';
import { VERSION } from '../../version.js';
import { createdOf } from '../created-of.js';
import { requireWritable } from '../require-writable.js';
import { passOn } from '../to-run-options.js';
import { toolboxOptions } from '../toolbox-options.js';
import { readDepositMetadata } from './deposit-metadata.js';
import { readKeyFile } from './read-key-file.js';

/** What was said of a deposit. */
export interface ArchiveWords {
  readonly destination: string;
  readonly metadataFile: string | undefined;
  readonly inputs: readonly string[];
  /** NAME or NAME=VALUE */
  readonly variables: readonly string[];
  /** An image. */
  readonly remainder: string | undefined;
  readonly toolbox: string;
  /** A file with a private key. */
  readonly signFile: string | undefined;
}

/**
 * A deposit as it is asked for, but for its manifests: what is wrong with it shows before anything is run.
 *
 * @param option  by which its place was given
 * @throws UsageError
 */
export function toArchiveRequest(
  { destination, metadataFile, inputs, variables, remainder, toolbox, signFile }: ArchiveWords,
  option: string,
  console: Console,
): Omit<WriteArchiveOptions, 'manifests'> {
  requireWritable(destination.replace(/\/+$/, ''), option);
  const metadata = metadataFile === undefined ? undefined : readDepositMetadata(metadataFile);
  const signingKey = readKeyFile(signFile, '--sign');
  const created = createdOf(console.environment.SOURCE_DATE_EPOCH);
  return {
    destination,
    ...(metadata !== undefined && { metadata }),
    inputs,
    variables: variables.flatMap((variable) => passOn(variable, console.environment)),
    ...(remainder !== undefined && { remainder }),
    ...(created !== undefined && { created }),
    ...(signingKey && { signingKey }),
    toolbox: toolboxOptions(toolbox, console),
    version: VERSION,
  };
}
