import type { ShrinkRequest } from '@keepset/shrinker';
import { parseOptions } from '../options/parse-options.js';
import { SHRINK_OPTION_DEFINITIONS } from '../options/shrink-options.js';
import { UsageError } from '../options/usage-error.js';
import { requireWritable } from './require-writable.js';
import { type OutputArguments, toOutputArguments } from './to-output-arguments.js';
import { toRunArguments } from './to-run-arguments.js';
import type { ClientSide } from './to-run-options.js';
import { type SourceArguments, toSourceArguments } from './to-source-arguments.js';
import { toVerifyWishes, type VerifyWishes } from './to-verify-options.js';

/** `keepset shrink`, understood. */
export interface ShrinkCommand extends SourceArguments, OutputArguments {
  readonly tags: readonly string[];
  /** The options of the run, or of the first of several, as words for docker run. */
  readonly runArguments: readonly string[];
  readonly manifestFile: string | undefined;
  /** Files of `keepset trace`. */
  readonly from: readonly string[] | undefined;
  readonly layers: NonNullable<ShrinkRequest['layers']>;
  readonly remainder: string | undefined;
  readonly metadata: NonNullable<ShrinkRequest['metadata']>;
  readonly sbom: boolean;
  readonly verify: VerifyWishes;
  readonly builder: NonNullable<ShrinkRequest['builder']>;
  readonly reportFile: string | undefined;
}

const USAGE = 'keepset shrink [OPTIONS] -t OUT IMAGE [COMMAND [ARG...]]';
const NAME = 'keepset shrink';
const EPILOGUE = `Options end at IMAGE; what follows is the command. Each option can be set by a variable as well
(--read-only: KEEPSET_READ_ONLY=true; lists: one value a line); DOCKER_FLAGS holds further options of the run.`;

/** Of the rules that are called otherwise in code. */
const OPTION_NAMES: Readonly<Record<string, string>> = { roundUp: 'round-up', keepPackages: 'keep-package' };

/**
 * Read the arguments of `keepset shrink`.
 *
 * @returns the command, or the help text that was asked for
 * @throws UsageError
 */
export async function parseShrink(
  args: readonly string[],
  client: ClientSide,
  columns: number,
): Promise<ShrinkCommand | string> {
  const grammar = {
    name: NAME,
    usage: `Usage: ${USAGE}\n\nShrink IMAGE to what COMMAND uses, check that it still does the same, and name the result OUT.`,
    epilogue: EPILOGUE,
    definitions: SHRINK_OPTION_DEFINITIONS,
  };
  const parsed = await parseOptions(args, grammar, client, columns);
  if (typeof parsed === 'string') return parsed;
  const { options } = parsed;
  const common = await toSourceArguments(parsed, client, USAGE);
  const tags = (options.tag as readonly string[] | undefined) ?? common.projectTags;
  const output = toOutputArguments(options);
  if (tags.length === 0 && output.outputs.length === 0)
    throw new UsageError(
      'the result has no name',
      'Give one with -t NAME[:TAG], before IMAGE, or a place with -o.',
    );
  const [rule] = Object.keys(common.keep);
  if (common.locked !== undefined && rule !== undefined)
    throw new UsageError(
      'a locked keep list says all that is kept: no other option can add to it or take from it',
      `Leave out --${OPTION_NAMES[rule] ?? rule}, or edit the list.`,
    );
  const from = options.from as readonly string[] | undefined;
  if (from !== undefined && common.locked !== undefined)
    throw new UsageError(
      '--from says by which runs to shrink, and --locked what to keep',
      'Leave one of them out.',
    );
  const layers = (options.layers as ShrinkCommand['layers'] | undefined) ?? 'one';
  if (layers === 'by-package' && options.builder === 'dockerfile')
    throw new UsageError('--builder dockerfile makes one layer', 'Leave it out, or --layers by-package.');
  if (layers === 'by-package' && output.outputs.some(({ type }) => type === 'tar'))
    throw new UsageError('-o type=tar has no layers', 'Use type=oci, or leave out --layers by-package.');
  if (options.sbom === true && !output.push && output.outputs.every(({ type }) => type !== 'oci'))
    throw new UsageError(
      '--sbom has nothing to attach it to: an engine keeps no attachments',
      "Add -o type=oci,dest=FILE or --push; or --manifest FILE, and 'keepset sbom FILE'.",
    );
  const manifestFile = options.manifest as string | undefined;
  requireWritable(common.keepListFile, '--keep-list');
  const reportFile = options.report as string | undefined;
  requireWritable(manifestFile, '--manifest');
  requireWritable(reportFile, '--report');
  return {
    ...common,
    ...output,
    tags,
    runArguments: toRunArguments(options, common.runs[0]?.run),
    manifestFile,
    from,
    layers,
    metadata: (options.metadata as ShrinkCommand['metadata'] | undefined) ?? 'used',
    sbom: options.sbom === true,
    remainder: options.remainder as string | undefined,
    verify: toVerifyWishes(options),
    builder: (options.builder as ShrinkCommand['builder'] | undefined) ?? 'direct',
    reportFile,
  };
}
