import { SourceError } from '../source-error.js';

/** What an image runs on. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string | undefined;
}

/**
 * @param text  OS/ARCHITECTURE[/VARIANT]
 * @throws SourceError SOURCE_BAD_REFERENCE
 * @example parsePlatform('linux/arm/v7') // { os: 'linux', architecture: 'arm', variant: 'v7' }
 */
export function parsePlatform(text: string): Platform {
  const [, os = '', architecture = '', variant] =
    /^([a-z0-9]+)\/([a-z0-9_]+)(?:\/([a-z0-9.]+))?$/.exec(text) ?? [];
  if (os === '')
    throw new SourceError('SOURCE_BAD_REFERENCE', `'${text}' is no platform`, {
      hint: 'A platform looks like OS/ARCHITECTURE[/VARIANT]: linux/amd64, linux/arm/v7.',
    });
  return { os, architecture, ...(variant !== undefined && { variant }) };
}

/** For messages. */
export function printPlatform({ os, architecture, variant }: Platform): string {
  return [os, architecture, variant].filter(Boolean).join('/');
}

/** A variant that was not asked for may be any: the first then. */
export function fits(wanted: Platform, { os, architecture, variant }: Platform): boolean {
  return (
    wanted.os === os &&
    wanted.architecture === architecture &&
    (wanted.variant === undefined || wanted.variant === variant || (variant === undefined && isPlain(wanted)))
  );
}

/** What an index mostly leaves out. */
function isPlain({ architecture, variant }: Platform): boolean {
  return architecture === 'arm64' && variant === 'v8';
}
