import { descriptionOf, licenseUrl } from './citation-texts.js';
import {
  type Author,
  type Deposit,
  type DepositFile,
  type DepositImage,
  type DepositRun,
  nameOfAuthor,
  orcidUrl,
} from './deposit.js';
import { stepsOf } from './pages.js';
import { shellWords, uriOf } from './quote.js';

const CRATE = 'https://w3id.org/ro/crate/1.1';
const PROCESS_RUN = 'https://w3id.org/ro/wfrun/process/0.5';
const RUN_TERMS = 'https://w3id.org/ro/terms/workflow-run';

/** Something that a crate describes. */
type Entity = { readonly '@id': string; readonly '@type': string | readonly string[] } & Readonly<
  Record<string, unknown>
>;

/**
 * What a deposit holds and how it came about, for programs: each run is a CreateAction with its program, its inputs,
 * its results and the container image it had.
 *
 * @returns JSON
 * @see RO-Crate 1.1; the Process Run Crate profile 0.5
 */
export function roCrateText(deposit: Deposit): string {
  const { metadata, images, runs, files, created, software } = deposit;
  const authors = metadata.authors.map(toPerson);
  const inputs = filesIn(files, 'inputs/');
  const actions = runs.map((run, index) => toAction(run, index, authors));
  const parts = [...files.filter(({ path }) => !path.startsWith('image/')).map(toFile), IMAGE_FOLDER];
  const root: Entity = {
    '@id': './',
    '@type': 'Dataset',
    conformsTo: { '@id': PROCESS_RUN },
    name: metadata.title,
    description: descriptionOf(deposit),
    datePublished: created.slice(0, 10),
    ...(metadata.license !== undefined && { license: { '@id': licenseUrl(metadata.license) } }),
    ...(metadata.keywords !== undefined && { keywords: metadata.keywords.join(', ') }),
    ...(metadata.version !== undefined && { version: metadata.version }),
    ...(metadata.doi !== undefined && { identifier: `https://doi.org/${metadata.doi}` }),
    ...(authors.length > 0 && { author: authors.map(reference) }),
    hasPart: parts.map(reference),
    mentions: actions.map(({ action }) => reference(action)),
  };
  const graph: readonly Entity[] = [
    {
      '@id': 'ro-crate-metadata.json',
      '@type': 'CreativeWork',
      conformsTo: { '@id': CRATE },
      about: { '@id': './' },
    },
    root,
    { '@id': PROCESS_RUN, '@type': 'CreativeWork', name: 'Process Run Crate', version: '0.5' },
    ...(metadata.license === undefined
      ? []
      : [{ '@id': licenseUrl(metadata.license), '@type': 'CreativeWork', name: metadata.license }]),
    ...authors,
    ...images.map((image, place) => toImage(image, imageOf(place))),
    ...actions.flatMap(({ action, program, variables }) => [action, program, ...variables]),
    ...software.map((each, index) => ({
      '@id': `#software-${index + 1}`,
      '@type': 'SoftwareApplication',
      name: each.name,
      ...(each.version !== undefined && { version: each.version }),
      ...(each.purls.length > 0 && { identifier: each.purls }),
    })),
    ...parts,
  ];
  const context = [`${CRATE}/context`, `${RUN_TERMS}/context`];
  return `${JSON.stringify({ '@context': context, '@graph': graph }, undefined, 2)}\n`;

  function imageOf(place: number): string {
    return images.length === 1 ? '#image' : `#image-${place + 1}`;
  }

  function toAction(run: DepositRun, index: number, people: readonly Entity[]) {
    const number = index + 1;
    const place = run.image ?? 0;
    const used = [...software.entries()].filter(([, { images: all }]) => all?.includes(place) ?? true);
    const variables = run.variables.map((variable, place) => ({
      '@id': `#run-${number}-variable-${place + 1}`,
      '@type': 'PropertyValue',
      name: variable.slice(0, variable.indexOf('=')),
      value: variable.slice(variable.indexOf('=') + 1),
    }));
    const program: Entity = {
      '@id': `#run-${number}-program`,
      '@type': 'SoftwareApplication',
      name: run.command[0] ?? run.name,
      ...(used.length > 0 && {
        softwareRequirements: used.map(([each]) => ({ '@id': `#software-${each + 1}` })),
      }),
    };
    const mounted = run.mounts.flatMap(({ at }) =>
      at === undefined ? [] : inputs.filter(({ path }) => path.startsWith(`${at}/`)),
    );
    const results = [...resultsOf(run)].map((at) => ({ '@id': uriOf(at) }));
    const action: Entity = {
      '@id': `#run-${number}`,
      '@type': 'CreateAction',
      name: run.name,
      description: [shellWords(run.command), ...stepsOf(run)].join('; asked: '),
      instrument: reference(program),
      containerImage: { '@id': imageOf(place) },
      actionStatus: { '@id': 'http://schema.org/CompletedActionStatus' },
      ...(people[0] !== undefined && { agent: reference(people[0]) }),
      ...(mounted.length > 0 && { object: mounted.map(toFile).map(reference) }),
      ...(results.length > 0 && { result: results }),
      ...(variables.length > 0 && { environment: variables.map(reference) }),
    };
    return { action, program, variables };
  }
}

const IMAGE_FOLDER: Entity = {
  '@id': 'image/',
  '@type': 'Dataset',
  name: 'The image, as an OCI image layout',
};

/** What the first sample left, as far as the deposit has it. */
function resultsOf(run: DepositRun): ReadonlySet<string> {
  const [first] = run.samples;
  if (first === undefined) return new Set();
  const { stdout, stderr, steps = [] } = first;
  const outputs = [{ stdout, stderr }, ...steps].flatMap((each) => [each.stdout, each.stderr]);
  return new Set(
    [...outputs, ...first.files.flatMap(({ content = [] }) => content)].flatMap(({ at = [] }) => at),
  );
}

function toImage({ name, manifestDigest, id }: DepositImage, at: string): Entity {
  const [repository = id, tag] = splitName(name ?? id);
  return {
    '@id': at,
    '@type': 'ContainerImage',
    additionalType: { '@id': `${RUN_TERMS}#DockerImage` },
    name: repository,
    ...(tag !== undefined && { tag }),
    sha256: manifestDigest.replace('sha256:', ''),
    identifier: id,
    hasPart: { '@id': 'image/' },
  };
}

/** The tag is behind the last colon, unless that is a port's, or a digest's. */
function splitName(name: string): readonly [string, string?] {
  const found = /^(.*):([^:/]+)$/.exec(name);
  if (found === null || name.startsWith('sha256:') || name.includes('@')) return [name];
  return [found[1] ?? name, found[2] ?? ''];
}

function toPerson(author: Author, index: number): Entity {
  return {
    '@id': author.orcid === undefined ? `#author-${index + 1}` : orcidUrl(author.orcid),
    '@type': 'name' in author ? 'Organization' : 'Person',
    name: nameOfAuthor(author),
    ...('familyNames' in author && {
      familyName: author.familyNames,
      ...(author.givenNames !== undefined && { givenName: author.givenNames }),
    }),
    ...(author.affiliation !== undefined && { affiliation: author.affiliation }),
  };
}

function toFile({ path, sha256, sizeBytes }: DepositFile): Entity {
  return { '@id': uriOf(path), '@type': 'File', name: path, contentSize: `${sizeBytes}`, sha256 };
}

function filesIn(files: readonly DepositFile[], prefix: string): readonly DepositFile[] {
  return files.filter(({ path }) => path.startsWith(prefix));
}

function reference({ '@id': id }: Entity): { readonly '@id': string } {
  return { '@id': id };
}
