import { parseExactJson } from '../api/exact-json.js';
import { collect } from '../proxy/pass-request.js';
import type { Upstream } from '../proxy/upstream.js';

const ANSWER_BYTES_MAX = 16 * 1024 * 1024;

/** Ask an engine for JSON. @returns undefined: it has none, or does not answer */
export async function getJson(upstream: Upstream, path: string): Promise<unknown> {
  const request = upstream.request('GET', path, ['Host', 'docker']);
  return await new Promise((resolve) => {
    request.on('error', () => resolve(undefined));
    request.on('response', (answer) => {
      collect(answer, ANSWER_BYTES_MAX)
        .then((whole) => (answer.statusCode === 200 ? parseExactJson(whole.toString('utf8')) : undefined))
        .then(resolve, () => resolve(undefined));
    });
    request.end();
  });
}
