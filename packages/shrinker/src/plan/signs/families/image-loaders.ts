import { type Family, isOpened } from './family.js';

const LOADER = /^(.*\/gdk-pixbuf-2\.0\/[^/]+)\/loaders\/(?:lib)?(?:pixbufloader[-_])?([^/]+)\.so$/;
const TABLE = /^(.*\/gdk-pixbuf-2\.0\/[^/]+)\/loaders\.cache$/;

/** Loaders of gdk-pixbuf: one is loaded for each format of images, by the table beside them. */
export const imageLoaders: Family = {
  kind: 'image-loaders-removed',
  title: 'loaders of images (gdk-pixbuf)',
  lookedUpIn(kept) {
    const [, folder] = TABLE.exec(kept.path) ?? LOADER.exec(kept.path) ?? [];
    return isOpened(kept) ? folder : undefined;
  },
  nameOf: (path) => LOADER.exec(path)?.[2],
  isUsed: isOpened,
  cure: 'open an image of each format that will be opened, or keep the loaders with their libraries',
};
