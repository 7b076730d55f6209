import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { expect, it } from 'vitest';
import { toOpenVex, type VexContents } from './to-open-vex.js';

const contents: VexContents = {
  products: [`pkg:oci/small@sha256:${'0'.repeat(64)}`],
  author: 'us',
  toolVersion: '1.2.3',
  createdAt: '2024-05-06T07:08:09.123Z',
  absent: [
    {
      vulnerability: 'CVE-1',
      aliases: ['GHSA-1', 'GHSA-1'],
      purls: ['pkg:npm/a@1', 'pkg:npm/b@1', 'pkg:npm/a@1'],
    },
    { vulnerability: 'CVE-2', aliases: [], purls: ['pkg:npm/a@1'] },
  ],
};

const text = { type: 'string', minLength: 1 };
const uri = { type: 'string', format: 'uri' };
const strict = (required: object, optional: object = {}) => ({
  type: 'object',
  properties: { ...required, ...optional },
  required: Object.keys(required),
  additionalProperties: false,
});
const setOf = (items: object) => ({ type: 'array', items, minItems: 1, uniqueItems: true });
const component = { '@id': uri, identifiers: strict({ purl: text }) };
/** The specification 0.2.0: what a document, a statement and a component must have, and of the rest what is written. */
const DOCUMENT = strict({
  '@context': { const: 'https://openvex.dev/ns/v0.2.0' },
  '@id': uri,
  author: text,
  timestamp: { type: 'string', format: 'date-time' },
  version: { type: 'integer', minimum: 1 },
  tooling: text,
  statements: setOf(
    strict({
      vulnerability: strict({ name: text }, { aliases: setOf(text) }),
      products: setOf(strict({ ...component, subcomponents: setOf(strict(component)) })),
      status: { const: 'not_affected' },
      justification: { const: 'component_not_present' },
    }),
  ),
});

const ajv = new Ajv.default({ allErrors: true });
addFormats.default(ajv);
const validate = ajv.compile(DOCUMENT);

it('has what the specification asks for', () => {
  validate(JSON.parse(toOpenVex(contents)));
  expect(validate.errors ?? []).toEqual([]);
  expect(validate(JSON.parse(toOpenVex({ ...contents, absent: [] })))).toBe(false);
});

it('says of each vulnerability which packages are not in the image', () => {
  const { statements } = JSON.parse(toOpenVex(contents));
  const purls = (statement: number) =>
    statements[statement].products[0].subcomponents.map((each: { '@id': string }) => each['@id']);
  expect([purls(0), purls(1)]).toEqual([['pkg:npm/a@1', 'pkg:npm/b@1'], ['pkg:npm/a@1']]);
  expect(statements[0].products[0]['@id']).toBe(contents.products[0]);
});

it('is the same text each time, and has another id for other contents', () => {
  expect(toOpenVex(contents)).toBe(toOpenVex(contents));
  const idOf = (of: VexContents) => JSON.parse(toOpenVex(of))['@id'];
  expect(idOf({ ...contents, author: 'them' })).not.toBe(idOf(contents));
});
