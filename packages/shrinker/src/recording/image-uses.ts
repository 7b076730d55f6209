import { join } from 'node:path';
import type { Recording } from './recording.js';
import type { SmallImage } from './small-images.js';
import { writeWhole } from './write-whole.js';

type Made = Extract<SmallImage, { result: unknown }>;

/**
 * Files by which others use the small images, by their names: variables of a shell, a map of CWL's DockerRequirement, an
 * override for each project of docker-compose that was recorded, and a configuration for the processes of Nextflow.
 *
 * @example
 * [...toImageUses({ containers: [] }, [])] // [['keepset.env', ''], ['keepset.cwl.json', '{}\n']]
 */
export function toImageUses(
  { containers }: Pick<Recording, 'containers'>,
  images: readonly SmallImage[],
): ReadonlyMap<string, string> {
  const made = images.filter((each): each is Made => 'result' in each);
  const names = made.flatMap(({ source, result }) =>
    source.references.map((reference) => [reference, result.tags[0] as string] as const),
  );
  const uses = new Map([
    ['keepset.env', toVariables(names)],
    ['keepset.cwl.json', toRequirements(names)],
  ]);
  const byId = new Map(made.map(({ source, result }) => [source.id, result.tags[0] as string]));
  const services = containers.flatMap(({ compose, imageId }) => {
    const image = byId.get(imageId);
    return compose === undefined || image === undefined ? [] : [{ ...compose, image }];
  });
  // It becomes the name of a file.
  for (const [project, own] of Map.groupBy(services, (each) => each.project))
    if (/^[\w-]{1,100}$/.test(project)) uses.set(`keepset.${project}.compose.yaml`, toOverride(own));
  const tasks = containers.flatMap(({ nextflow, imageId }) =>
    nextflow === undefined ? [] : [{ process: nextflow.process, image: byId.get(imageId) }],
  );
  if (tasks.length > 0) uses.set('keepset.nextflow.config', toConfiguration(tasks));
  return uses;
}

/**
 * Write the files of `toImageUses`, each at once.
 *
 * @param folder  of the recording
 * @example
 * await writeImageUses('/tmp/recording', new Map([['keepset.env', 'IMAGE_APP=app:small\n']]));
 * readFileSync('/tmp/recording/keepset.env', 'utf8') // 'IMAGE_APP=app:small\n'
 */
export async function writeImageUses(folder: string, uses: ReadonlyMap<string, string>): Promise<void> {
  for (const [name, text] of uses) await writeWhole(join(folder, name), text);
}

type Names = readonly (readonly [reference: string, image: string])[];

/** A name of an image has nothing that a shell reads. */
function toVariables(names: Names): string {
  const taken = new Map<string, number>();
  const lines = names.map(([reference, image]) => {
    const name = `IMAGE_${reference.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}`;
    const times = (taken.get(name) ?? 0) + 1;
    taken.set(name, times);
    return `${name}${times === 1 ? '' : `__${times}`}=${image}\n`;
  });
  return lines.join('');
}

function toRequirements(names: Names): string {
  const requirement = (dockerPull: string) => ({ class: 'DockerRequirement', dockerPull });
  const map = Object.fromEntries(names.map(([reference, image]) => [reference, requirement(image)]));
  return `${JSON.stringify(map, undefined, 2)}\n`;
}

/** Text in JSON's quotes is YAML's as well; docker-compose reads a `$` as the begin of a variable. */
function toOverride(services: readonly { readonly service: string; readonly image: string }[]): string {
  const quoted = (text: string) => JSON.stringify(text).replaceAll('$', '$$$$');
  const images = new Map(services.map(({ service, image }) => [service, image]));
  const lines = [...images].map(
    ([service, image]) => `  ${JSON.stringify(service)}:\n    image: ${quoted(image)}\n`,
  );
  return `services:\n${lines.join('')}`;
}

/** A process of several images chooses by itself, and one of an image that was left alone has it still: neither is named. */
function toConfiguration(
  tasks: readonly { readonly process: string; readonly image: string | undefined }[],
): string {
  const quoted = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`;
  const lines = [...Map.groupBy(tasks, ({ process }) => process)].flatMap(([process, own]) => {
    const [image, ...others] = new Set(own.map((each) => each.image));
    if (image === undefined || others.length > 0) return [];
    return [`  withName: ${quoted(process)} {\n    container = ${quoted(image)}\n  }\n`];
  });
  return `process {\n${lines.join('')}}\n`;
}
