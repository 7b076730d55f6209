import type { InstalledPackage } from '../installed-package.js';
import type { BillContents, BillPackage } from './bill-contents.js';
import type * as CycloneDx from './cyclonedx-library.js';

/**
 * A CycloneDX 1.6 bill of materials in JSON. It holds no time and no serial number: the same contents, the same text.
 *
 * @see the CycloneDX specification 1.6; `evidence` and `compositions` are added to what the library knows
 */
export async function toCycloneDx(contents: BillContents): Promise<string> {
  // Loaded only where it is needed: it takes longer than all the rest together.
  const { Enums, Models, SPDX, Serialize, Spec } = await import('./cyclonedx-library.js');
  const { image, toolVersion, system, packages, unownedFiles } = contents;
  const bom = new Models.Bom();
  bom.metadata.lifecycles.add(Enums.LifecyclePhase.PostBuild);
  bom.metadata.tools.components.add(
    new Models.Component(Enums.ComponentType.Application, 'keepset', { version: toolVersion }),
  );
  bom.metadata.component = new Models.Component(Enums.ComponentType.Container, image.name, {
    bomRef: 'image',
    version: image.digest,
  });
  if (system.id !== undefined) {
    bom.components.add(
      new Models.Component(Enums.ComponentType.OperatingSystem, system.id, {
        bomRef: 'operating-system',
        ...(system.versionId && { version: system.versionId }),
        ...(system.prettyName && { description: system.prettyName }),
      }),
    );
  }
  const evidence = new Map<string, object>();
  for (const [index, each] of packages.entries()) {
    const reference = `package-${index}`;
    evidence.set(reference, toEvidence(each));
    bom.components.add(toComponent(each.package, reference, { Enums, Models, SPDX }));
  }
  const factory = new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6);
  const plain = factory.makeForBom().normalize(bom, { sortLists: true });
  const components = (plain.components ?? []).map((component) => ({
    ...component,
    ...(evidence.has(String(component['bom-ref'])) && {
      evidence: evidence.get(String(component['bom-ref'])),
    }),
  }));
  // Of what is nobody's it is not known what it is made of.
  const aggregate = unownedFiles > 0 ? 'incomplete' : 'complete';
  const compositions = [{ aggregate, assemblies: ['image'] }];
  return `${JSON.stringify({ ...plain, components, compositions }, undefined, 2)}\n`;
}

function toComponent(
  each: InstalledPackage,
  bomRef: string,
  { Enums, Models, SPDX }: Pick<typeof CycloneDx, 'Enums' | 'Models' | 'SPDX'>,
): CycloneDx.Models.Component {
  const component = new Models.Component(Enums.ComponentType.Library, each.name, {
    bomRef,
    version: each.version,
    purl: each.purl,
  });
  for (const license of each.licenses) {
    const isId = SPDX.isSupportedSpdxId(license);
    component.licenses.add(isId ? new Models.SpdxLicense(license) : new Models.NamedLicense(license));
  }
  if (each.sourcePackage !== undefined) {
    const { name, version = each.version } = each.sourcePackage;
    component.properties.add(new Models.Property('keepset:sourcePackage', `${name} ${version}`));
  }
  if (each.origin !== undefined) component.properties.add(new Models.Property('keepset:origin', each.origin));
  return component;
}

function toEvidence({ paths, isUsed }: BillPackage): object {
  const method = (technique: string) => ({ technique, confidence: 1 });
  return {
    identity: [
      {
        field: 'purl',
        confidence: 1,
        methods: [method('manifest-analysis'), ...(isUsed ? [method('dynamic-analysis')] : [])],
      },
    ],
    occurrences: paths.map((location) => ({ location })),
  };
}
