import { createHash } from 'node:crypto';

/** That of a vulnerability's packages nothing is in the products. */
export interface AbsentPackages {
  readonly vulnerability: string;
  readonly aliases: readonly string[];
  /** Of the packages that are gone. */
  readonly purls: readonly string[];
}

export interface VexContents {
  /** PURLs of the image: `pkg:oci/…@sha256:…`. */
  readonly products: readonly string[];
  readonly author: string;
  readonly toolVersion: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** At least one: the format knows no document that says nothing. */
  readonly absent: readonly AbsentPackages[];
}

/**
 * An OpenVEX document that says `not_affected`, `component_not_present`, and nothing else. The same contents and time,
 * the same text.
 *
 * @see the OpenVEX specification 0.2.0 and its JSON schema
 */
export function toOpenVex({ products, author, toolVersion, createdAt, absent }: VexContents): string {
  const statements = absent.map(({ vulnerability, aliases, purls }) => ({
    vulnerability: { name: vulnerability, ...(aliases.length > 0 && { aliases: [...new Set(aliases)] }) },
    products: products.map((product) => ({
      '@id': product,
      identifiers: { purl: product },
      subcomponents: [...new Set(purls)].map((purl) => ({ '@id': purl, identifiers: { purl } })),
    })),
    status: 'not_affected',
    justification: 'component_not_present',
  }));
  const body = {
    author,
    timestamp: createdAt,
    version: 1,
    tooling: `keepset ${toolVersion}`,
    statements,
  };
  const hash = createHash('sha256').update(JSON.stringify(body)).digest('hex');
  const head = {
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': `https://openvex.dev/docs/public/vex-${hash}`,
  };
  return `${JSON.stringify({ ...head, ...body }, undefined, 2)}\n`;
}
