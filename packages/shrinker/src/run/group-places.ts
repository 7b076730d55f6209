import type { ImageTree } from '@keepset/image-tree';
import type { WrittenPath } from './written-paths.js';

/** Places that one archive holds. */
export interface PlaceGroup {
  /** A byte string: what the engine is asked for. */
  readonly root: string;
  readonly places: readonly WrittenPath[];
}

/** Fewer are asked for one by one. */
const PLACES_MIN = 4;
/** What an archive may hold besides: as much as a further question costs. */
const OTHER_BYTES_MAX = 256 * 1024;

/**
 * Group places by folders, so that few questions get them all: each costs the engine a little, whatever the size.
 *
 * @param places  none below one that is new
 * @param tree    of the image: how much else is in a folder
 */
export function groupPlaces(places: readonly WrittenPath[], tree: ImageTree): readonly PlaceGroup[] {
  const root = toFolder(places);
  return gather(root, tree);
}

interface Folder {
  readonly path: string;
  readonly folders: Map<string, Folder>;
  /** Right here. */
  readonly places: WrittenPath[];
  /** Here and below. */
  count: number;
}

function toFolder(places: readonly WrittenPath[]): Folder {
  const top: Folder = { path: '', folders: new Map(), places: [], count: 0 };
  for (const place of places) {
    let at = top;
    at.count++;
    for (const name of place.path.split('/').slice(1, -1)) {
      const next = at.folders.get(name) ?? {
        path: `${at.path}/${name}`,
        folders: new Map(),
        places: [],
        count: 0,
      };
      at.folders.set(name, next);
      next.count++;
      at = next;
    }
    at.places.push(place);
  }
  return top;
}

function gather(folder: Folder, tree: ImageTree): readonly PlaceGroup[] {
  if (folder.count >= PLACES_MIN && folder.path !== '' && isWorthWhole(folder, tree))
    return [{ root: folder.path, places: allPlaces(folder) }];
  return [
    ...folder.places.map((place) => ({ root: place.path, places: [place] })),
    ...[...folder.folders.values()].flatMap((each) => gather(each, tree)),
  ];
}

function isWorthWhole({ path, count }: Folder, tree: ImageTree): boolean {
  const allowed = count * OTHER_BYTES_MAX;
  let sizeBytes = 0;
  for (const entry of tree.descendants(path)) {
    // An entry costs its header as well.
    sizeBytes += 1024 + (entry.type === 'file' ? entry.sizeBytes : 0);
    if (sizeBytes > allowed) return false;
  }
  return true;
}

function allPlaces({ places, folders }: Folder): readonly WrittenPath[] {
  return [...places, ...[...folders.values()].flatMap(allPlaces)];
}
