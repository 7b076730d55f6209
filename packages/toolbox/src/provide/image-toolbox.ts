import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Engine } from '@keepset/docker-engine';
import { packageFile } from '../package-file.js';
import { ToolboxError } from '../toolbox-error.js';
import type { ToolboxFiles } from './toolbox-files.js';
import { IMAGE_FOLDER, readToolboxFolder } from './toolbox-folder.js';

/**
 * Build the toolbox image on the engine from this package's Dockerfile, unless it is there.
 *
 * @param base  what it is built from; Debian or a descendant
 * @returns its reference
 */
export async function buildToolboxImage(engine: Engine, base?: string): Promise<string> {
  const context = await Promise.all(
    (['Dockerfile', 'gather.sh'] as const).map(async (name) => ({
      header: { name },
      content: await readFile(packageFile(name)),
    })),
  );
  const version = createHash('sha256')
    .update(Buffer.concat(context.map(({ content }) => content)))
    .update(base ?? '')
    .digest('hex')
    .slice(0, 12);
  const tag = `keepset-toolbox:${version}`;
  if ((await engine.inspectImage(tag)) !== undefined) return tag;

  await engine.buildImage(context, {
    tag,
    ...(base !== undefined && { buildArguments: { BASE: base } }),
  });
  return tag;
}

/**
 * Read the toolbox out of a toolbox image.
 *
 * @throws ToolboxError TOOLBOX_UNAVAILABLE  no such image, or it holds no toolbox
 */
export async function readImageToolbox(
  engine: Engine,
  reference: string,
  architecture: string,
): Promise<ToolboxFiles> {
  const image = await engine.inspectImage(reference);
  if (image === undefined) {
    throw new ToolboxError('TOOLBOX_UNAVAILABLE', `the engine has no toolbox image '${reference}'`, {
      facts: { source: 'image', reference },
      hint: 'With `source` set to `image` one is built.',
    });
  }
  if (image.architecture !== architecture) {
    throw new ToolboxError(
      'TOOLBOX_WRONG_ARCHITECTURE',
      `the toolbox image '${reference}' is ${image.architecture}, the image ${architecture}`,
      {
        facts: { source: 'image', reference, architecture },
        hint: 'Build it for the architecture of the image.',
      },
    );
  }
  await using container = await engine.createContainer({ Image: image.id, Entrypoint: ['none'] }, 'toolbox');
  const files = await readToolboxFolder(container);
  if (files === undefined) {
    throw new ToolboxError('TOOLBOX_UNAVAILABLE', `the image '${reference}' holds no toolbox`, {
      facts: { source: 'image', reference },
      hint: `It must hold ${IMAGE_FOLDER}/loader, ${IMAGE_FOLDER}/bin and ${IMAGE_FOLDER}/lib.`,
    });
  }
  return files;
}
