import type { RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import { withAnswers } from '../../../../test-fixtures/answering.ts';
import { openCatalogue } from './open-catalogue.js';

/** Answers with a page for each address, and where the next one is. */
const pages =
  (byPath: Readonly<Record<string, readonly [body: unknown, next?: string]>>): RequestListener =>
  ({ url = '' }, response) => {
    const [body, next] = byPath[url] ?? [];
    if (body === undefined) response.writeHead(404);
    if (next !== undefined) response.setHeader('link', `<${next}>; rel="next"`);
    response.end(typeof body === 'string' ? body : JSON.stringify(body ?? {}));
  };

describe('what a registry has', () => {
  it('is asked for page by page, at the registry alone', async () => {
    const listener = pages({
      '/v2/_catalog': [{ repositories: ['a', 'b/c'] }, '/v2/_catalog?last=b%2Fc&n=2'],
      '/v2/_catalog?last=b%2Fc&n=2': [{ repositories: ['d'] }, 'http://169.254.0.1/v2/_catalog?last=d'],
      '/v2/_catalog?last=d': [{ repositories: ['e'] }],
      '/v2/b/c/tags/list': [{ name: 'b/c', tags: ['1', '2'] }],
      '/v2/e/tags/list': [{ name: 'e', tags: null }],
    });
    await withAnswers(listener, async (name) => {
      const catalogue = openCatalogue(name);
      expect(await catalogue.repositories()).toEqual(['a', 'b/c', 'd', 'e']);
      expect(await catalogue.tags('b/c')).toEqual(['1', '2']);
      expect(await catalogue.tags('e')).toEqual([]);
      expect(await catalogue.tags('gone')).toEqual([]);
    });
  });

  it('ends, though the registry says of each page that there is another', async () => {
    const listener: RequestListener = (_, response) =>
      response.setHeader('link', '</v2/_catalog?last=a>; rel="next"').end('{"repositories":["a"]}');
    const asked = await withAnswers(listener, async (name) => {
      expect(await openCatalogue(name).repositories()).toEqual(['a']);
    });
    expect(asked).toHaveLength(2);
  });

  it('is not a part of a list whose next page is not there', async () => {
    const listener = pages({ '/v2/_catalog': [{ repositories: ['a'] }, '/v2/_catalog?last=a'] });
    await withAnswers(listener, async (name) => {
      await expect(openCatalogue(name).repositories()).rejects.toMatchObject({
        code: 'REGISTRY_BAD_ANSWER',
        message: `${name} answers with no further page of the list of repositories, which it named`,
      });
    });
  });

  it('has names of a length that images can have', async () => {
    const listOf = (repository: number, tag: number) =>
      pages({
        '/v2/_catalog': [{ repositories: ['a'.repeat(repository)] }],
        '/v2/a/tags/list': [{ tags: ['a'.repeat(tag)] }],
      });
    await withAnswers(listOf(255, 128), async (name) => {
      expect(await openCatalogue(name).repositories()).toHaveLength(1);
      expect(await openCatalogue(name).tags('a')).toHaveLength(1);
    });
    await withAnswers(listOf(256, 129), async (name) => {
      const refused = {
        code: 'REGISTRY_BAD_ANSWER',
        message: expect.stringContaining('a name of more than'),
      };
      await expect(openCatalogue(name).repositories()).rejects.toMatchObject(refused);
      await expect(openCatalogue(name).tags('a')).rejects.toMatchObject(refused);
    });
  });

  it.each(['', 'null', '[]', '{"repositories":{}}', '{"repositories":[1]}'])(
    'is no list: %j',
    async (body) => {
      await withAnswers(
        (_, response) => response.end(body),
        async (name) => {
          await expect(openCatalogue(name).repositories()).rejects.toMatchObject({
            code: 'REGISTRY_BAD_ANSWER',
            message: `${name} answers with something that is no list of repositories`,
          });
        },
      );
    },
  );
});
