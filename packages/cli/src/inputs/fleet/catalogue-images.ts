import { forEach } from '@keepset/fleet';
import picomatch from 'picomatch';
import type { Console } from '../../terminal/console.js';
import type { Refusal } from '../checked/checked-document.js';
import { registryAccess } from '../registry-access.js';

/** Questions to a registry at a time. */
const ASKED_AT_A_TIME = 8;
/** Of one pattern, which are held at once. */
const IMAGES_MAX = 100_000;
const SPECIAL = /[*?[\]{}]/;
const NAME = /^(?:docker:\/\/)?(?<registry>[^/*?[\]{}]+)\/(?<repository>[^:]+)(?::(?<tag>.+))?$/;

/** Whether it is a pattern: names of images have no such characters. */
export function isCatalogueName(image: string): boolean {
  return SPECIAL.test(image);
}

/**
 * The images that a registry lists, by a pattern of their names and, behind a colon, of their tags (default latest).
 *
 * @param pattern  registry.example.org/team/*, with docker:// or without; `*` is any text but a slash, `**` any
 * @throws UsageError   it names no registry, or nothing is there
 * @throws EngineError  of the registry
 */
export async function catalogueImages(
  pattern: string,
  refuse: Refusal,
  client: Pick<Console, 'environment' | 'signal'>,
): Promise<readonly string[]> {
  const { registry, repository, tag = 'latest' } = NAME.exec(pattern)?.groups ?? {};
  if (registry === undefined || repository === undefined || !isRegistry(registry))
    throw refuse(
      `${pattern}: a pattern begins with a registry`,
      'Such as registry.example.org/team/*; the Docker Hub has no list of all images.',
    );
  const { openCatalogue } = await import('@keepset/docker-engine');
  const catalogue = openCatalogue(registry, registryAccess(client));
  const isWanted = picomatch(repository);
  const isTag = picomatch(tag);
  const names = (await catalogue.repositories()).filter((name) => isWanted(name));
  const images: string[] = [];
  await forEach(names, ASKED_AT_A_TIME, async (name) => {
    for (const each of await catalogue.tags(name))
      if (isTag(each)) images.push(`${registry}/${name}:${each}`);
    if (images.length > IMAGES_MAX)
      throw refuse(
        `${pattern}: these are more than ${IMAGES_MAX} images`,
        'Name fewer of its repositories, or fewer of their tags.',
      );
  });
  if (images.length === 0)
    throw refuse(
      `${pattern}: the registry lists no such image`,
      'Without a tag, latest is meant; REPOSITORY:* is all tags.',
    );
  return images.sort();
}

/** As engines tell registries from the first part of a name. */
function isRegistry(text: string): boolean {
  return /[.:]/.test(text) || text === 'localhost';
}
