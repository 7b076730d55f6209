import type { PageLinks } from './page-links.js';

/** How far a crawl goes. */
export interface CrawlLimits {
  /** How many links away from what was asked for; what a page is made of does not count. */
  readonly depth: number;
  /** Default 1,000. */
  readonly requestsMax?: number;
  /** Of all answers together. Default 256 MiB. */
  readonly bytesMax?: number;
}

/** A path of the server, and the port of the container that it is asked at. */
export interface CrawledPath {
  readonly port: number;
  readonly path: string;
}

/** One that was asked for. */
export interface AskedPage extends CrawledPath {
  readonly links: PageLinks;
}

/** How it was answered. */
export interface PageAnswer {
  readonly status: number;
  readonly sizeBytes: number;
  readonly links: PageLinks;
}

export interface CrawledPages {
  /** What was found, asked for and answered, in this order. */
  readonly answered: readonly (CrawledPath & Pick<PageAnswer, 'status'>)[];
  /** What was found and not asked for, since a limit was reached, or not answered; sorted. */
  readonly left: readonly CrawledPath[];
}

const REQUESTS_MAX = 1000;
const BYTES_MAX = 256 * 1024 * 1024;
/** A server that gives so many no answer will not give one to the next. */
const UNANSWERED_MAX = 10;

/**
 * Ask a server for what its pages refer to, then for what these refer to: first all that a page is made of, then what is
 * one link further away, each time in the order of the paths. So the same server is asked the same.
 *
 * @param pages  that were asked for before
 * @param ask  undefined: there was no answer, or too long a one
 */
export async function crawlPages(
  pages: readonly AskedPage[],
  ask: (path: CrawledPath) => Promise<PageAnswer | undefined>,
  { depth, requestsMax = REQUESTS_MAX, bytesMax = BYTES_MAX }: CrawlLimits,
): Promise<CrawledPages> {
  const frontier = new Frontier(pages);
  const answered: (CrawledPath & Pick<PageAnswer, 'status'>)[] = [];
  const unanswered: CrawledPath[] = [];
  let [requests, bytes, silences] = [0, 0, 0];
  for (let distance = 0; distance <= depth; distance++) {
    for (let next = frontier.take(); next.length > 0; next = frontier.take()) {
      for (const { port, path } of next) {
        const isOver = requests >= requestsMax || bytes >= bytesMax || silences >= UNANSWERED_MAX;
        const answer = isOver ? undefined : await ask({ port, path });
        if (!isOver) requests++;
        if (!isOver && answer === undefined) silences++;
        if (answer === undefined) {
          unanswered.push({ port, path });
          continue;
        }
        bytes += answer.sizeBytes;
        answered.push({ port, path, status: answer.status });
        frontier.add({ port, path, links: answer.links });
      }
    }
    frontier.moveOn();
  }
  return { answered, left: sorted([...unanswered, ...frontier.take()]) };
}

/** What was found, and is to be asked for. */
class Frontier {
  readonly #known = new Set<string>();
  #embedded: CrawledPath[] = [];
  #linked: CrawledPath[] = [];

  constructor(pages: readonly AskedPage[]) {
    for (const { port, path } of pages) this.#known.add(keyOf({ port, path }));
    for (const page of pages) this.add(page);
  }

  add({ port, links: { embedded, linked } }: AskedPage): void {
    for (const path of embedded) this.#embedded.push({ port, path });
    for (const path of linked) this.#linked.push({ port, path });
  }

  /** What is to be asked for now; it counts as asked for. */
  take(): readonly CrawledPath[] {
    const fresh = new Map(this.#embedded.map((each) => [keyOf(each), each]));
    this.#embedded = [];
    for (const key of fresh.keys()) if (this.#known.has(key)) fresh.delete(key);
    for (const key of fresh.keys()) this.#known.add(key);
    return sorted([...fresh.values()]);
  }

  /** One link further. */
  moveOn(): void {
    this.#embedded = this.#linked;
    this.#linked = [];
  }
}

function keyOf({ port, path }: CrawledPath): string {
  return `${port}${path}`;
}

function sorted(paths: readonly CrawledPath[]): readonly CrawledPath[] {
  return [...paths].sort((one, other) => one.port - other.port || (one.path < other.path ? -1 : 1));
}
