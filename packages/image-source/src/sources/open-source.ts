import type { RegistryAccess } from '@keepset/docker-engine';
import type { ImageSource } from '../image-source.js';
import type { ReadingOptions } from '../images/open-image.js';
import { openDockerArchive } from './open-docker-archive.js';
import { openOciArchive, openOciLayout } from './open-oci-layout.js';
import { openRegistryImage } from './open-registry-image.js';
import type { SourceName } from './parse-source-name.js';

/** How images are chosen and asked for. */
export interface SourceOptions extends RegistryAccess, ReadingOptions {
  /** OS/ARCHITECTURE[/VARIANT]; needed where a name means images for several. */
  readonly platform?: string | undefined;
}

/**
 * Open an image by its name; an engine's is not opened here.
 *
 * @throws SourceError, EngineError  as the function for the transport does
 * @example
 * const image = await openSource({ transport: 'oci', path: '/tmp/layout', tag: '1.0' });
 * image.config.os // 'linux'
 */
export function openSource(
  source: Exclude<SourceName, { readonly transport: 'docker-daemon' }>,
  { platform, unpackOnce, ...access }: SourceOptions = {},
): Promise<ImageSource> {
  const choice = { platform, unpackOnce, signal: access.signal };
  switch (source.transport) {
    case 'docker':
      return openRegistryImage(source.name, { platform, unpackOnce, ...access });
    case 'oci':
      return openOciLayout(source.path, { ...choice, tag: source.tag });
    case 'oci-archive':
      return openOciArchive(source.path, { ...choice, tag: source.tag });
    case 'docker-archive':
      return openDockerArchive(source.path, { ...choice, name: source.tag });
  }
}
