import { PackageURL } from 'packageurl-js';
import { ECOSYSTEMS, type Ecosystem, type InstalledPackage } from '../installed-package.js';
import { InventoryError } from '../inventory-error.js';
import type { OperatingSystem } from '../os-release.js';
import { compareVersions } from './compare-versions.js';
import { findRecords, judgePackage, type OsvRecord, type Verdict } from './osv.js';

/** What is asked of an archive of manifests. */
export type Query =
  | PackageQuery
  /** A path of the source, or what is below it. Byte string. */
  | { readonly kind: 'path'; readonly text: string; readonly path: string }
  /** Files by what they hold: sha256 in 64 lower-case hexadecimal digits. */
  | { readonly kind: 'content'; readonly text: string; readonly sha256: string }
  /** A shared library, by the name that programs ask for. */
  | { readonly kind: 'soname'; readonly text: string; readonly name: string };

export interface PackageQuery {
  readonly kind: 'packages';
  /** As the user wrote it. */
  readonly text: string;
  /** Names under which a file that is nobody's might be known. */
  readonly names: readonly string[];
  /** Whether it is a name, of whatever version. */
  readonly anyVersion: boolean;
  /** `unaffected` for any other package. */
  readonly judge: (each: InstalledPackage, system: OperatingSystem) => Verdict;
}

const ADVISORY = /^(?:CVE-\d{4}-\d+|GHSA(?:-[0-9a-z]{4}){3}|[A-Z]{2,}(?:-[A-Z]+)*-\d{4}[-:]\d+)$/i;
const NAME = /^(?:([a-z]+):(?!:))?(@?[A-Za-z0-9][\w.+/@-]*(?:::?[\w.+/@-]+)*)$/;
const SONAME = /^[^/]+\.so(?:\.[0-9.]+)?$/;

const SHA256 = /^(?:sha256:)?([0-9a-f]{64})$/i;

const KNOWN: ReadonlySet<string> = new Set(ECOSYSTEMS);

/**
 * Understand a question: the id of an advisory, a PURL with or without versions, a path, a sha256, a soname, a
 * package's name.
 *
 * @param text     byte string where it is a path
 * @param records  to find advisories in
 * @throws InventoryError QUERY_INVALID
 * @example parseQuery('pkg:npm/lodash@>=4.0.0,<4.17.21', [])
 */
export function parseQuery(text: string, records: readonly OsvRecord[]): Query {
  const found = findRecords(text, records);
  if (found.length > 0) return ofRecords(text, found);
  if (isAdvisory(text))
    throw new InventoryError(
      'QUERY_INVALID',
      `no record of ${text}`,
      'Give records of the OSV format that have it.',
    );
  const sha256 = SHA256.exec(text)?.[1];
  if (sha256 !== undefined) return { kind: 'content', text, sha256: sha256.toLowerCase() };
  if (text.startsWith('/')) return { kind: 'path', text, path: text };
  if (text.startsWith('pkg:')) return ofPurl(text);
  if (SONAME.test(text)) return { kind: 'soname', text, name: text };
  const [, ecosystem, name] = NAME.exec(text) ?? [];
  if (name === undefined || (ecosystem !== undefined && !KNOWN.has(ecosystem)))
    throw new InventoryError(
      'QUERY_INVALID',
      `'${text}' is no id, PURL, path, soname or name of a package`,
      ecosystem === undefined ? undefined : `Ecosystems are ${ECOSYSTEMS.join(', ')}.`,
    );
  return {
    kind: 'packages',
    text,
    names: [name],
    anyVersion: true,
    judge: (each) =>
      (ecosystem === undefined || each.ecosystem === ecosystem) &&
      (each.name === name || each.sourcePackage?.name === name)
        ? 'affected'
        : 'unaffected',
  };
}

/** Whether a question looks like the id of an advisory, whoever has its record. */
export function isAdvisory(text: string): boolean {
  return ADVISORY.test(text);
}

/** @throws InventoryError QUERY_INVALID  all of them were withdrawn */
function ofRecords(text: string, found: readonly OsvRecord[]): PackageQuery {
  const valid = found.filter(({ withdrawn }) => !withdrawn);
  if (valid.length === 0)
    throw new InventoryError('QUERY_INVALID', `${text} was withdrawn on ${found[0]?.withdrawn}`);
  const names = valid.flatMap(({ affected = [] }) => affected.flatMap((each) => each.package?.name ?? []));
  return {
    kind: 'packages',
    text,
    names: [...new Set(names)],
    anyVersion: false,
    judge(each, system) {
      const verdicts = new Set(valid.map((record) => judgePackage(each, record, system)));
      return verdicts.has('affected') ? 'affected' : verdicts.has('unknown') ? 'unknown' : 'unaffected';
    },
  };
}

const TYPES: Readonly<Record<string, Ecosystem>> = {
  deb: 'deb',
  apk: 'apk',
  rpm: 'rpm',
  pypi: 'pypi',
  conda: 'conda',
  cran: 'r',
  bioconductor: 'r',
  npm: 'npm',
  gem: 'gem',
  maven: 'java',
  golang: 'go',
  cargo: 'rust',
  cpan: 'perl',
};

/** `|` parts alternatives, `,` what must hold together: `pkg:deb/debian/openssl@<3.0.13-1|>=3.1,<3.1.5`. */
function ofPurl(text: string): PackageQuery {
  const [, base = '', versions = ''] = /^(pkg:[^?#]*?)(?:@([^/?#]*))?(?:[?#].*)?$/.exec(text) ?? [];
  let purl: PackageURL;
  let alternatives: (readonly Constraint[])[];
  try {
    // Some types must have a version: any will do, for ours are read apart.
    purl = PackageURL.fromString(`${base}@0`);
    alternatives = versions === '' ? [] : decodeURIComponent(versions).split('|').map(toConstraints);
  } catch (error) {
    throw new InventoryError('QUERY_INVALID', `'${text}' is no PURL: ${(error as Error).message}`);
  }
  const { type, namespace, name } = purl;
  const ecosystem = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  if (ecosystem === undefined)
    throw new InventoryError('QUERY_INVALID', `'${text}': packages of type ${type} are not known`);
  const isSystems = ecosystem === 'deb' || ecosystem === 'apk' || ecosystem === 'rpm';
  const wanted = namespace && !isSystems ? `${namespace}${ecosystem === 'java' ? ':' : '/'}${name}` : name;
  return {
    kind: 'packages',
    text,
    names: [name],
    anyVersion: versions === '',
    judge(each, system) {
      if (each.ecosystem !== ecosystem) return 'unaffected';
      if (isSystems && namespace && system.id !== undefined && namespace !== system.id) return 'unaffected';
      const isNamed =
        ecosystem === 'pypi' ? pythonName(each.name) === pythonName(wanted) : each.name === wanted;
      const isSource = isSystems && each.sourcePackage?.name === wanted;
      if (!isNamed && !isSource) return 'unaffected';
      const version = isNamed ? each.version : (each.sourcePackage?.version ?? each.version);
      return judgeVersion(ecosystem, version, alternatives);
    },
  };
}

interface Constraint {
  readonly sign: string;
  readonly version: string;
}

function toConstraints(text: string): readonly Constraint[] {
  return text.split(',').map((part) => {
    const [, sign = '=', version] = /^\s*(<=|>=|!=|<|>|=)?\s*([^<>=!\s]+)\s*$/.exec(part) ?? [];
    if (version === undefined) throw new Error(`'${part}' is no version`);
    return { sign, version };
  });
}

const HOLDS: Readonly<Record<string, (compared: number) => boolean>> = {
  '<': (compared) => compared < 0,
  '<=': (compared) => compared <= 0,
  '>': (compared) => compared > 0,
  '>=': (compared) => compared >= 0,
  '=': (compared) => compared === 0,
  '!=': (compared) => compared !== 0,
};

function judgeVersion(
  ecosystem: Ecosystem,
  version: string,
  alternatives: readonly (readonly Constraint[])[],
): Verdict {
  if (alternatives.length === 0) return 'affected';
  const verdicts = alternatives.map((constraints): Verdict => {
    const held = constraints.map(({ sign, version: wanted }) => {
      const compared = compareVersions(ecosystem, version, wanted);
      return compared === undefined ? undefined : HOLDS[sign]?.(compared);
    });
    if (held.includes(false)) return 'unaffected';
    return held.includes(undefined) ? 'unknown' : 'affected';
  });
  if (verdicts.includes('affected')) return 'affected';
  return verdicts.includes('unknown') ? 'unknown' : 'unaffected';
}

/** @see PEP 503 */
function pythonName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}
