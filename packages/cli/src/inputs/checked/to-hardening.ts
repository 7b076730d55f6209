import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { HARDEN_OPTIONS } from '../../options/harden-options.js';
import type { GroupValues } from '../../options/option.js';
import { UsageError } from '../../options/usage-error.js';

/** `--harden`, understood. */
export interface HardenArguments {
  /** Undefined: nobody wants files. */
  readonly folder: string | undefined;
  readonly families: readonly string[];
}

interface OtherOptions {
  readonly verify: boolean;
  readonly reference?: string | undefined;
  readonly locked?: string | undefined;
  readonly from: readonly string[];
}

/** @throws UsageError */
export function toHardening({
  harden,
  base,
  ...others
}: GroupValues<typeof HARDEN_OPTIONS> & OtherOptions): HardenArguments | undefined {
  if (harden === undefined) {
    if (base.length > 0)
      throw new UsageError('--base is for --harden, and it is not given', 'Leave it out, or add --harden.');
    return undefined;
  }
  const [excluded, why] = excludedBy(others);
  if (excluded !== undefined)
    throw new UsageError(`--harden and ${excluded} exclude each other: ${why}`, 'Leave one of them out.');
  const folder = harden === '' ? undefined : harden;
  if (folder !== undefined) requireFolder(folder);
  return { folder, families: base };
}

function excludedBy({ verify, reference, locked, from }: OtherOptions): readonly [string?, string?] {
  if (!verify) return ['--no-verify', 'rights are those under which the result was verified'];
  if (reference === 'traced') return ['--reference traced', 'a trace of all system calls is no reference'];
  if (locked !== undefined) return ['--locked', 'rights are found by tracing the command'];
  if (from.length > 0) return ['--from', 'a trace file does not hold all system calls'];
  return [];
}

/** @throws UsageError  it could not be written after a long run */
export function requireFolder(folder: string, option = '--harden'): void {
  const stat = statSync(folder, { throwIfNoEntry: false });
  if (stat?.isDirectory() === false) throw new UsageError(`${option}: ${folder} is not a folder`);
  try {
    accessSync(stat === undefined ? dirname(folder) : folder, constants.W_OK);
  } catch (error) {
    const why = (error as { code?: string }).code ?? 'unknown reason';
    throw new UsageError(`${option}: cannot write ${folder} (${why})`);
  }
}
