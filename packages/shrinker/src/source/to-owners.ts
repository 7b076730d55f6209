import type { Inventory } from '@keepset/inventory';
import type { PackageFiles, PackageOwners } from '@keepset/keep-planner';

/** An inventory as the planner asks it. */
export function toOwners({ packages, owners }: Inventory): PackageOwners {
  const files = packages.map((): string[] => []);
  for (const [path, indexes] of owners) for (const index of indexes) files[index]?.push(path);
  const all: readonly PackageFiles[] = packages.map(({ name }, index) => ({
    name,
    files: files[index] ?? [],
  }));
  return {
    ownersOf: (path) => (owners.get(path) ?? []).flatMap((index) => all[index] ?? []),
    named: (name) =>
      all.filter((_, index) => {
        const { ecosystem, name: own } = packages[index] ?? {};
        return own === name || `${ecosystem}:${own}` === name;
      }),
  };
}
