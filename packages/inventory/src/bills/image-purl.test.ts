import { expect, it } from 'vitest';
import { imagePurl } from './image-purl.js';

const DIGEST = `sha256:${'a'.repeat(64)}`;

it.each([
  ['small', `pkg:oci/small@${DIGEST}`],
  ['small:1', `pkg:oci/small@${DIGEST}`],
  [
    'registry.example:5000/Team/small',
    `pkg:oci/small@${DIGEST}?repository_url=registry.example%3A5000%2Fteam%2Fsmall`,
  ],
  [`ghcr.io/team/small@${DIGEST}`, `pkg:oci/small@${DIGEST}?repository_url=ghcr.io%2Fteam%2Fsmall`],
  [DIGEST, `pkg:oci/image@${DIGEST}`],
])('%s is %s', (name, purl) => {
  expect(imagePurl(name, DIGEST)).toBe(purl);
});
