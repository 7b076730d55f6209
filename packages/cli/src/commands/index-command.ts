import { AsyncDisposableStack, parseTagReference } from '@keepset/docker-engine';
import { type IndexedImage, type IndexTarget, writeIndex } from '@keepset/image-builder';
import { openStoredImages, parseSourceName, type StoredName } from '@keepset/image-source';
import type { INDEX } from '../definitions/index.js';
import { registryAccess } from '../inputs/registry-access.js';
import { type ParsedOutput, parseOutput } from '../inputs/to-output-arguments.js';
import type { CommandLineOf } from '../options/command-definition.js';
import { UsageError } from '../options/usage-error.js';
import type { Console } from '../terminal/console.js';

/** `keepset index`: needs no engine. */
export async function indexCommand(
  { options, operands: names }: CommandLineOf<typeof INDEX>,
  console: Console,
): Promise<undefined> {
  const registries = registryAccess(console, options.insecure);
  const targets = toTargets(options, registries);
  const sources = names.map(toStoredName);
  await using opened = new AsyncDisposableStack();
  const images: IndexedImage[] = [];
  for (const source of sources) {
    const stored = opened.use(await openStoredImages(source, registries));
    const { repository } = stored;
    images.push(...stored.images.map((image) => ({ ...image, repository })));
  }
  let digest = '';
  for (const target of targets) digest = await writeIndex(images, target);
  await console.writeOut(`${digest}\n`);
}

/** @throws UsageError; EngineError REFERENCE_INVALID */
function toTargets(
  { tag, output }: CommandLineOf<typeof INDEX>['options'],
  registries: ReturnType<typeof registryAccess>,
): readonly IndexTarget[] {
  const references = tag.map(printReference);
  if (output.length > 0) return output.map((text) => toTarget(text, references, registries));
  if (references.length > 0) return [{ type: 'registry', references, registries }];
  throw new UsageError('the index has no name', 'Give one with -t REGISTRY/NAME[:TAG], or a place with -o.');
}

function toTarget(
  text: string,
  references: readonly string[],
  registries: ReturnType<typeof registryAccess>,
): IndexTarget {
  const { type, destination, asFolder } = parseOutput(text, 'none') ?? NOWHERE;
  if (text.includes('compression=') || (type !== 'oci' && type !== 'registry') || destination === '-')
    throw new UsageError(
      `-o ${text}: an index is written as it is, to a file, a folder or a registry`,
      'Use type=oci,dest=FILE[,tar=false] or type=registry,ref=REGISTRY/NAME[:TAG].',
    );
  return type === 'oci'
    ? { type, destination, asFolder, references }
    : { type, references: [printReference(destination)], registries };
}

const NOWHERE: Pick<ParsedOutput, 'type' | 'destination' | 'asFolder'> = {
  type: 'docker',
  destination: '',
  asFolder: false,
};

function printReference(text: string): string {
  const { repository, tag } = parseTagReference(text);
  return `${repository}:${tag}`;
}

/** Engines and docker archives know no manifests, of which an index is made. */
function toStoredName(text: string): StoredName {
  const name = parseSourceName(text);
  if (name.transport !== 'docker-daemon' && name.transport !== 'docker-archive') return name;
  throw new UsageError(
    `'${text}' is no result that can be joined: it has no manifest`,
    'Write it with -o type=oci,dest=FILE, and give oci-archive:FILE; or give docker://NAME, oci:FOLDER[:TAG].',
  );
}
