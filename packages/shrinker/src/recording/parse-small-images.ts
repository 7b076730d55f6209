import { parseUniqueJson } from '@keepset/manifest';
import { z } from 'zod';
import { count, imageId, line, parseAs } from './schema.js';
import { IMAGES_VERSION, type SmallImages } from './small-images.js';

/** It goes into files that others read: of an image's name, nothing has to be escaped anywhere. */
const tag = z
  .string()
  .max(512)
  .regex(/^[a-z0-9][\w./:@-]*$/, "expected an image's name");
const source = { references: z.array(line).min(1), id: imageId };

const texts = z.array(z.string());
const options = z.strictObject({
  keep: z
    .strictObject({
      keep: texts.optional(),
      drop: texts.optional(),
      keepPackages: texts.optional(),
      callersPrograms: z
        .array(z.strictObject({ name: z.string(), caller: line, optional: z.literal(true).optional() }))
        .optional(),
      listed: z.enum(['drop', 'stub', 'keep']).optional(),
      roundUp: z.enum(['file', 'dir', 'package']).optional(),
      secrets: z.enum(['keep', 'drop', 'fail']).optional(),
    })
    .optional(),
  layers: z.enum(['one', 'by-package']).optional(),
  metadata: z.enum(['used', 'all', 'none']).optional(),
  builder: z.enum(['direct', 'dockerfile']).optional(),
});

const smallImages = z.strictObject({
  imagesVersion: z.literal(IMAGES_VERSION),
  options: options.default({}),
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
export function parseSmallImages(json: string): SmallImages {
  const { images, options } = parseAs(smallImages, parseUniqueJson(json));
  return { images, options } as SmallImages;
}
