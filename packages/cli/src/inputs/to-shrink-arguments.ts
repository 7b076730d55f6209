import { SHRINK } from '../definitions/shrink.js';
import type { CommandLineOf } from '../options/command-definition.js';
import { UsageError } from '../options/usage-error.js';
import type { ArchiveWords } from './checked/to-archive-request.js';
import { type HardenArguments, toHardening } from './checked/to-hardening.js';
import { requireWritable } from './require-writable.js';
import { type OutputArguments, toOutputArguments } from './to-output-arguments.js';
import { toRunArguments } from './to-run-arguments.js';
import type { ClientSide } from './to-run-options.js';
import { toService } from './to-service.js';
import { type SourceArguments, toSourceArguments } from './to-source-arguments.js';
import { toVerification, type Verification } from './to-verification.js';

type ShrinkLine = CommandLineOf<typeof SHRINK>;

/** `keepset shrink`, understood. */
export interface ShrinkArguments
  extends SourceArguments,
    OutputArguments,
    Pick<ShrinkLine['options'], 'layers' | 'metadata' | 'builder'> {
  readonly tags: readonly string[];
  /** The options of the run, or of the first of several, as words for docker run. */
  readonly runArguments: readonly string[];
  readonly manifestFile: string | undefined;
  /** Files of `keepset trace`. */
  readonly from: readonly string[] | undefined;
  /** Whether they decide what reaches beyond a container. */
  readonly trust: boolean;
  readonly remainder: string | undefined;
  /** A file of `keepset fleet layers`. */
  readonly layersFrom: string | undefined;
  readonly sbom: boolean;
  readonly attest: boolean;
  readonly provenance: boolean;
  /** A file with a scanner's findings. */
  readonly vexFile: string | undefined;
  /** A file with a private key. */
  readonly signFile: string | undefined;
  readonly verify: Verification;
  /** Undefined: nobody asks. */
  readonly harden: HardenArguments | undefined;
  readonly reportFile: string | undefined;
  readonly archive: Omit<ArchiveWords, 'toolbox' | 'signFile'> | undefined;
}

/** @throws UsageError */
export async function toShrinkArguments(
  { options, operands }: ShrinkLine,
  client: ClientSide,
): Promise<ShrinkArguments> {
  const service = toService(options);
  const common = await toSourceArguments({ options, operands, service, usage: SHRINK.usage[0] }, client);
  const tags = options.tag.length > 0 ? options.tag : common.projectTags;
  const output = toOutputArguments(options);
  if (tags.length === 0 && output.outputs.length === 0)
    throw new UsageError(
      'the result has no name',
      'Give one with -t NAME[:TAG], before IMAGE, or a place with -o.',
    );
  if (options.trust === true && options.from.length === 0)
    throw new UsageError('--trust is for --from FILE, and there is none', 'Leave it out.');
  if (options.suffix !== undefined)
    throw new UsageError(
      '--suffix is for --recorded DIR, and there is none',
      'Leave it out; -t names the result.',
    );
  if (options.service !== undefined)
    throw new UsageError('--service is for --compose FILE, and there is none', 'Leave it out.');
  requireOnePlan(options, common);
  requireFittingOutputs(options, output);
  const { manifest: manifestFile, report: reportFile, from, remainder, layers, metadata, builder } = options;
  requireWritable(common.keepListFile, '--keep-list');
  requireWritable(manifestFile, '--manifest');
  requireWritable(reportFile, '--report');
  return {
    ...common,
    ...output,
    tags,
    runArguments: toRunArguments(options, common.runs[0]?.options),
    manifestFile,
    from: from.length > 0 ? from : undefined,
    trust: options.trust === true,
    layers,
    layersFrom: options['layers-from'],
    metadata,
    sbom: options.sbom === true,
    attest: options.attest === true,
    provenance: options.provenance === true,
    vexFile: options.vex,
    signFile: options.sign,
    remainder,
    verify: toVerification(options),
    harden: toHardening(options),
    builder,
    reportFile,
    archive: toArchive(options, tags),
  };
}

/** @throws UsageError */
function toArchive(options: ShrinkLine['options'], tags: readonly string[]): ShrinkArguments['archive'] {
  const { archive: destination, 'archive-metadata': metadataFile } = options;
  const { 'archive-inputs': inputs, 'archive-env': variables } = options;
  if (destination === undefined) {
    const part =
      (metadataFile !== undefined && '--archive-metadata') ||
      (inputs.length > 0 && '--archive-inputs') ||
      (variables.length > 0 && '--archive-env');
    if (part) throw new UsageError(`${part} is for --archive PATH, and there is none`, 'Leave it out.');
    return undefined;
  }
  if (tags.length === 0)
    throw new UsageError(
      '--archive runs the result, and without -t no engine has it',
      'Name it with -t NAME[:TAG].',
    );
  const { remainder } = options;
  return { destination, metadataFile, inputs, variables, remainder };
}

/** Of what to keep, by the options' names where the library calls them otherwise. */
const OPTION_NAMES: Readonly<Record<string, string>> = {
  roundUp: 'round-up',
  keepPackages: 'keep-package',
  callersPrograms: 'for',
};

function requireOnePlan({ from }: ShrinkLine['options'], { keep, locked }: SourceArguments): void {
  if (locked === undefined) return;
  const [other] = Object.keys(keep);
  if (other !== undefined)
    throw new UsageError(
      `--${OPTION_NAMES[other] ?? other} and --locked exclude each other: the list says all that is kept`,
      'Leave one of them out, or edit the list.',
    );
  if (from.length > 0)
    throw new UsageError('--from and --locked exclude each other', 'Leave one of them out.');
}

/** What goes with an image; statements come first, since these can be signed. */
const ATTACHED = ['attest', 'provenance', 'vex', 'sbom'] as const;

function requireFittingOutputs(
  { layers, builder, archive, sign, ...options }: ShrinkLine['options'],
  { outputs, push }: OutputArguments,
): void {
  const layered =
    options['layers-from'] !== undefined
      ? '--layers-from'
      : layers === 'by-package'
        ? '--layers by-package'
        : undefined;
  if (layered !== undefined && builder === 'dockerfile')
    throw new UsageError('--builder dockerfile makes one layer', `Leave it out, or ${layered}.`);
  if (layered !== undefined && outputs.some(({ type }) => type === 'tar'))
    throw new UsageError('-o type=tar has no layers', `Use type=oci, or leave out ${layered}.`);
  const attached = ATTACHED.find((name) => options[name] !== undefined && options[name] !== false);
  if (attached !== undefined && !push && outputs.every(({ type }) => type !== 'oci' && type !== 'registry'))
    throw new UsageError(
      `--${attached} needs an OCI image or a registry to attach to: an engine keeps no attachments`,
      `Add -o type=oci,dest=FILE or --push; or --manifest FILE, and 'keepset ${attached === 'provenance' ? 'attest' : attached} FILE'.`,
    );
  if (sign !== undefined && archive === undefined && (attached === undefined || attached === 'sbom'))
    throw new UsageError(
      '--sign has nothing to sign',
      'Add --attest, --provenance, --vex FILE or --archive PATH.',
    );
}
