import type { Query } from '@keepset/inventory';
import { answerQuery } from '@keepset/manifest';
import { namedImages } from '../images/named-images.js';
import type { ImageOptions } from '../images/open-named-image.js';
import type { Console } from '../terminal/console.js';
import type { ArchiveAnswer } from './archives/answer-archive.js';

/** What images answer, of which nothing is known to be used; contents are read only where one is asked for. */
export async function answerImages(
  names: readonly string[],
  queries: readonly Query[],
  options: ImageOptions,
  console: Console,
): Promise<readonly ArchiveAnswer[]> {
  const withContents = queries.some(({ kind }) => kind === 'content');
  const answers: ArchiveAnswer[] = [];
  for (const name of names) {
    await using images = namedImages(options, console);
    const record = await images.record(name, withContents);
    for (const query of queries) answers.push({ manifest: name, ...(await answerQuery(query, record)) });
  }
  return answers;
}
