import { createHash } from 'node:crypto';
import parseExpression from 'spdx-expression-parse';
import type { OperatingSystem } from '../os-release.js';
import type { BillContents, BillPackage } from './bill-contents.js';
import { imagePurl } from './image-purl.js';

const DOCUMENT = 'SPDXRef-DOCUMENT';
const IMAGE = 'SPDXRef-image';
const SYSTEM = 'SPDXRef-operating-system';
const NO_ASSERTION = 'NOASSERTION';

/** What is true of every package: where it was downloaded and who has its rights is not known from an image. */
const COMMON = {
  downloadLocation: NO_ASSERTION,
  filesAnalyzed: false,
  licenseConcluded: NO_ASSERTION,
  copyrightText: NO_ASSERTION,
} as const;

/**
 * An SPDX 2.3 document in JSON. The same contents and time, the same text.
 *
 * Files are not elements of it: the format asks for a SHA-1 of each. How many a package has in the image, and whether a
 * run used one, is in the package's comment.
 *
 * @param createdAt  ISO 8601, which the format asks for; seconds are as fine as it goes
 * @see the SPDX specification 2.3, chapters 6, 7, 10 and 11, and its JSON schema
 */
export function toSpdx(contents: BillContents, createdAt: string): string {
  const { image, toolVersion, system, packages, unownedFiles } = contents;
  const licenses = new Licenses(packages);
  const entries = [
    {
      SPDXID: IMAGE,
      name: image.name,
      versionInfo: image.digest,
      primaryPackagePurpose: 'CONTAINER',
      ...COMMON,
      licenseDeclared: NO_ASSERTION,
      checksums: [{ algorithm: 'SHA256', checksumValue: image.digest.replace(/^sha256:/, '') }],
      externalRefs: [toReference(imagePurl(image.name, image.digest))],
    },
    ...(system.id === undefined ? [] : [toSystem(system, system.id)]),
    ...packages.map((each, index) => toPackage(each, `SPDXRef-package-${index}`, licenses)),
  ];
  const relationships = [
    { spdxElementId: DOCUMENT, relationshipType: 'DESCRIBES', relatedSpdxElement: IMAGE },
    ...entries.slice(1).map(({ SPDXID }) => ({
      spdxElementId: IMAGE,
      relationshipType: 'CONTAINS',
      relatedSpdxElement: SPDXID,
    })),
  ];
  const extracted = licenses.extracted();
  const body = {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: DOCUMENT,
    name: image.name,
    creationInfo: {
      created: createdAt.replace(/\.\d+Z$/, 'Z'),
      creators: [`Tool: keepset-${toolVersion}`],
    },
    comment:
      unownedFiles === 0
        ? 'Every file of the image belongs to one of the packages.'
        : `${unownedFiles} files of the image belong to none of the packages: of them it is not known what they are.`,
    packages: entries,
    ...(extracted.length > 0 && { hasExtractedLicensingInfos: extracted }),
    relationships,
  };
  const hash = createHash('sha256').update(JSON.stringify(body)).digest('hex');
  const documentNamespace = `https://spdx.org/spdxdocs/keepset-${hash}`;
  return `${JSON.stringify({ ...body, documentNamespace }, undefined, 2)}\n`;
}

function toSystem({ versionId, prettyName }: OperatingSystem, id: string) {
  return {
    SPDXID: SYSTEM,
    name: id,
    ...(versionId && { versionInfo: versionId }),
    ...(prettyName && { summary: prettyName }),
    primaryPackagePurpose: 'OPERATING-SYSTEM',
    ...COMMON,
    licenseDeclared: NO_ASSERTION,
  };
}

function toPackage({ package: each, paths, isUsed }: BillPackage, SPDXID: string, licenses: Licenses) {
  const { name, version, sourcePackage, origin, database, purl } = each;
  const source = sourcePackage && `; built from ${sourcePackage.name} ${sourcePackage.version ?? version}`;
  const files = paths.length === 1 ? '1 file' : `${paths.length} files`;
  return {
    SPDXID,
    name,
    ...(version !== '' && { versionInfo: version }),
    primaryPackagePurpose: 'LIBRARY',
    ...COMMON,
    licenseDeclared: licenses.declared(each.licenses),
    sourceInfo: `entered in ${printable(database)}${source ?? ''}${origin ? `; from ${origin}` : ''}`,
    comment: `${files} of it in the image; ${isUsed ? 'a run used at least one' : 'no run opened one'}`,
    externalRefs: [toReference(purl)],
  };
}

function toReference(purl: string): object {
  return { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purl };
}

/** A byte string as text. */
function printable(path: string): string {
  return Buffer.from(path, 'latin1').toString('utf8');
}

/** Words of packages about their licences, as the format has them: expressions, or references to what was found. */
class Licenses {
  readonly #references: ReadonlyMap<string, string>;

  constructor(packages: readonly BillPackage[]) {
    const words = packages.flatMap(({ package: each }) => foreignWords(each.licenses) ?? []);
    const sorted = [...new Set(words)].sort();
    this.#references = new Map(sorted.map((text, index) => [text, `LicenseRef-${index + 1}`]));
  }

  declared(told: readonly string[]): string {
    const foreign = foreignWords(told);
    if (foreign !== undefined) return this.#references.get(foreign) ?? NO_ASSERTION;
    return told[0] ?? NO_ASSERTION;
  }

  extracted(): readonly object[] {
    return [...this.#references].map(([text, licenseId]) => ({ licenseId, extractedText: text, name: text }));
  }
}

/** What is no expression; several licences are none, for it is not told whether all or any of them count. */
function foreignWords(told: readonly string[]): string | undefined {
  const [first, second] = told;
  if (first === undefined) return undefined;
  if (second !== undefined) return told.join('; ');
  try {
    parseExpression(first);
    return /LicenseRef-/.test(first) ? first : undefined;
  } catch {
    return first;
  }
}
