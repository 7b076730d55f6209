import type { Output } from '@keepset/image-builder';
import type { GroupValues } from '../options/option.js';
import type { OUTPUT_OPTIONS } from '../options/output-options.js';
import { UsageError } from '../options/usage-error.js';
import type { Console } from '../terminal/console.js';
import { registryAccess } from './registry-access.js';
import { requireWritable } from './require-writable.js';

/** One `-o`, understood. */
export interface ParsedOutput {
  readonly type: Output['type'];
  /** `-` is standard output; of `registry` the name there. */
  readonly destination: string;
  readonly compression: NonNullable<Output['compression']>;
  readonly asFolder: boolean;
  /** Of `local`: make device nodes as well. */
  readonly devices?: true;
}

/** Where a result goes, and which files are written about it. */
export interface OutputArguments {
  readonly outputs: readonly ParsedOutput[];
  readonly insecure: boolean | undefined;
  readonly changes: readonly string[];
  readonly push: boolean;
  readonly idFile: string | undefined;
  readonly metadataFile: string | undefined;
}

type OutputValues = GroupValues<typeof OUTPUT_OPTIONS> & {
  readonly quiet?: boolean | undefined;
  readonly json?: boolean | undefined;
};

const TYPES = ['docker', 'oci', 'tar', 'local', 'registry'] as const;
const COMPRESSIONS = ['none', 'gzip', 'zstd', 'estargz', 'zstdchunked'] as const;
/** Of layers, which a tar is none of. */
const OF_LAYERS: ReadonlySet<string> = new Set(['estargz', 'zstdchunked']);
const STANDARD_OUTPUT = '-';

/** @throws UsageError */
export function toOutputArguments(options: OutputValues): OutputArguments {
  const outputs = options.output
    .map((text) => parseOutput(text, options.compression))
    .filter((output) => output !== undefined);
  const [first, second] = outputs.filter(({ destination }) => destination === STANDARD_OUTPUT);
  if (second !== undefined) throw new UsageError('only one -o can go to standard output');
  if (first !== undefined && (options.json === true || options.quiet === true))
    throw new UsageError(
      '-o dest=- needs standard output for itself',
      'Leave out --json and --quiet, or give a file.',
    );
  for (const { destination, type, asFolder } of outputs)
    if (destination !== STANDARD_OUTPUT && !['local', 'registry'].includes(type) && !asFolder)
      requireWritable(destination, '-o');
  const { iidfile: idFile, 'metadata-file': metadataFile, change: changes, insecure } = options;
  requireWritable(idFile, '--iidfile');
  requireWritable(metadataFile, '--metadata-file');
  const push = options.push === true;
  if (push && options.tag.length === 0)
    throw new UsageError('--push needs a name', 'Give one with -t REGISTRY/NAME[:TAG].');
  return { outputs, insecure, push, changes, idFile, metadataFile };
}

/**
 * One `-o`. A path alone is a folder for the files, as in docker buildx; `-` alone is a tar.
 *
 * @returns undefined for `type=docker` without a place: the engine, which has the result anyhow
 * @throws UsageError
 */
export function parseOutput(
  text: string,
  compression: ParsedOutput['compression'],
): ParsedOutput | undefined {
  if (text === STANDARD_OUTPUT) return parseOutput('type=tar,dest=-', compression);
  if (!text.includes('=')) return { type: 'local', destination: text, compression, asFolder: false };
  const fields = new Map(splitFields(text));
  const unknown = [...fields.keys()].find(
    (name) => !['type', 'dest', 'ref', 'compression', 'tar', 'devices'].includes(name),
  );
  if (unknown !== undefined) throw bad(text, `unknown field '${unknown}'`);
  const type = TYPES.find((one) => one === fields.get('type'));
  if (type === undefined)
    throw bad(text, fields.has('type') ? `there is no type '${fields.get('type')}'` : 'type is missing');
  const chosen = fields.get('compression') ?? compression;
  const known = COMPRESSIONS.find((one) => one === chosen);
  if (known === undefined) throw bad(text, `there is no compression '${chosen}'`);
  if (fields.has('compression') && !['oci', 'tar', 'registry'].includes(type))
    throw bad(text, `type ${type} is not compressed`);
  if (type === 'tar' && OF_LAYERS.has(known)) throw bad(text, `${known} is for type oci and type registry`);
  const asFolder = fields.get('tar') === 'false';
  if (fields.has('tar') && (type !== 'oci' || !/^(true|false)$/.test(fields.get('tar') ?? '')))
    throw bad(text, 'tar=true and tar=false are for type oci');
  const devices = fields.get('devices') === 'true';
  if (fields.has('devices') && (type !== 'local' || !/^(true|false)$/.test(fields.get('devices') ?? '')))
    throw bad(text, 'devices=true and devices=false are for type local');
  const place = type === 'registry' ? 'ref' : 'dest';
  const other = place === 'ref' ? 'dest' : 'ref';
  if (fields.has(other)) throw bad(text, `type ${type} takes no ${other}`);
  const destination = fields.get(place);
  if (destination === undefined && type === 'docker') return undefined;
  if (destination === undefined || destination === '') throw bad(text, `${place} is missing`);
  if (destination === STANDARD_OUTPUT && (type === 'local' || type === 'registry' || asFolder))
    throw bad(text, `a ${type === 'registry' ? 'name' : 'folder'} cannot go to standard output`);
  return { type, destination, compression: known, asFolder, ...(devices && { devices }) };
}

/** CSV, as docker's own: a field that holds a comma stands in double quotes. */
function splitFields(text: string): [string, string][] {
  const fields = text.match(/(?:"(?:[^"]|"")*"|[^,])+/g) ?? [];
  return fields.map((field) => {
    const plain = field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field;
    const at = plain.indexOf('=');
    if (at < 0) throw bad(text, `'${plain}' is not NAME=VALUE`);
    return [plain.slice(0, at), plain.slice(at + 1)];
  });
}

function bad(text: string, reason: string): UsageError {
  return new UsageError(
    `-o ${text}: ${reason}`,
    'Use type=docker|oci|tar|local,dest=PATH or type=registry,ref=REGISTRY/NAME[:TAG], each with [,compression=none|gzip|zstd], or estargz or zstdchunked for oci and registry.',
  );
}

/** The outputs as the shrinker takes them. */
export function toOutputs(
  { outputs, insecure }: Pick<OutputArguments, 'outputs' | 'insecure'>,
  console: Console,
): readonly Output[] {
  return outputs.map(({ type, destination, compression, asFolder, devices }) => {
    const isStream = destination === STANDARD_OUTPUT;
    if (isStream && console.outIsTty)
      throw new UsageError(
        'an archive cannot go to a terminal',
        'Give a file: -o type=…,dest=FILE, or pipe it.',
      );
    return {
      type,
      destination: isStream ? (chunk) => console.writeOutBytes(chunk) : destination,
      compression,
      asFolder,
      ...(devices && { devices }),
      ...(type === 'registry' && { registries: registryAccess(console, insecure) }),
    };
  });
}

export function takesStandardOutput(outputs: readonly ParsedOutput[]): boolean {
  return outputs.some(({ destination }) => destination === STANDARD_OUTPUT);
}
