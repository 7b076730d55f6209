import { parseUniqueJson } from '@keepset/manifest';
import { z } from 'zod';
import { count, imageId, line, parseAs } from './schema.js';
import { IMAGES_VERSION, type SmallImage } from './small-images.js';

/** It goes into files that others read: of an image's name, nothing has to be escaped anywhere. */
const tag = z
  .string()
  .max(512)
  .regex(/^[a-z0-9][\w./:@-]*$/, "expected an image's name");
const source = { references: z.array(line).min(1), id: imageId };

const smallImages = z.strictObject({
  imagesVersion: z.literal(IMAGES_VERSION),
  images: z.array(
    z.union([
      z.strictObject({ source: z.strictObject(source), reason: line }),
      z.strictObject({
        source: z.strictObject({ ...source, sizeBytes: count }),
        result: z.strictObject({
          id: imageId,
          tags: z.array(tag).min(1),
          sizeBytes: count,
          manifest: line,
        }),
        verified: z.boolean(),
      }),
    ]),
  ),
});

/**
 * Read which small image stands for which source: it is data, whoever wrote it.
 *
 * @throws Error  says what is wrong, and where
 */
export function parseSmallImages(json: string): readonly SmallImage[] {
  return parseAs(smallImages, parseUniqueJson(json)).images;
}
