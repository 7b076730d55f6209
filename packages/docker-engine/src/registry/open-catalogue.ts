import { gatherAnswer } from './gather-answer.js';
import { openHost } from './open-host.js';
import type { RegistryAccess } from './registry-access.js';
import { badAnswer } from './registry-fault.js';

/** What a registry has, as it lists it. */
export interface Catalogue {
  /** Names of all repositories, without the registry. @throws EngineError REGISTRY_NOT_FOUND  it does not tell */
  repositories(): Promise<readonly string[]>;
  /** Of a repository, which is named without the registry. */
  tags(repository: string): Promise<readonly string[]>;
}

/** More than any registry has that somebody shrinks as a whole. */
const NAMES_MAX = 1_000_000;
/** Of one name. @see distribution, "Overview"; OCI distribution specification, "Pulling Manifests" */
const LENGTH_MAX = { repositories: 255, tags: 128 } as const;
/** The address of a page. */
const QUERY_LENGTH_MAX = 4096;

/**
 * Open the lists of a registry. Nothing is asked yet; a list is asked for page by page.
 *
 * @throws EngineError  by what it returns: as of `openRepository`
 * @see distribution, "Listing Repositories"; OCI distribution specification, "Listing Tags"
 * @example await openCatalogue(registry).repositories() // ['a/b']
 */
export function openCatalogue(registry: string, access: RegistryAccess = {}): Catalogue {
  const host = openHost(registry, access);

  async function list(path: string, key: 'repositories' | 'tags', what: string): Promise<readonly string[]> {
    const names = new Set<string>();
    for (let query: string | undefined = ''; query !== undefined; ) {
      const answer = await host.ask(`${path}${query}`, { what, expected: [404] });
      const content = await gatherAnswer(answer, registry, what);
      if (answer.statusCode === 404) {
        // It has it no more, or never heard of such lists.
        if (query === '') return [];
        throw badAnswer(registry, `no further page of the ${what}, which it named`);
      }
      const before = names.size;
      for (const name of readNames(content, key) ?? noList(registry, what)) {
        if (name.length > LENGTH_MAX[key])
          throw badAnswer(registry, `a name of more than ${LENGTH_MAX[key]} characters in the ${what}`);
        names.add(name);
      }
      if (names.size > NAMES_MAX) throw badAnswer(registry, `more than ${NAMES_MAX} names in the ${what}`);
      // A page without anything new is the last, whatever it says.
      query = names.size === before ? undefined : nextQuery(answer.headers.link);
    }
    return [...names];
  }

  return {
    repositories: () => list('_catalog', 'repositories', 'list of repositories'),
    tags: (repository) => list(`${repository}/tags/list`, 'tags', `list of tags of ${repository}`),
  };
}

/** @returns undefined: it is no such list */
function readNames(content: Buffer, key: string): readonly string[] | undefined {
  try {
    const { [key]: names } = JSON.parse(content.toString()) as Record<string, unknown>;
    // Of a repository whose tags are all removed.
    if (names === null) return [];
    if (Array.isArray(names) && names.every((name) => typeof name === 'string')) return names;
  } catch {
    // No JSON, or null.
  }
  return undefined;
}

function noList(registry: string, what: string): never {
  throw badAnswer(registry, `something that is no ${what}`);
}

/** Where it goes on, of the same list: another place that it names is not gone to. @see RFC 8288 */
function nextQuery(link: string | string[] | undefined): string | undefined {
  const [, target] = /<([^>]*)>\s*;\s*rel="?next"?/i.exec([link ?? ''].flat().join()) ?? [];
  const at = target?.indexOf('?') ?? -1;
  if (target === undefined || at < 0 || target.length > QUERY_LENGTH_MAX) return undefined;
  return `?${new URLSearchParams(target.slice(at + 1))}`;
}
