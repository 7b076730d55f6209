import { SourceError } from '../source-error.js';

/** Where an image is. */
export type SourceName =
  /** An engine has it. */
  | { readonly transport: 'docker-daemon'; readonly name: string }
  /** A registry has it. */
  | { readonly transport: 'docker'; readonly name: string }
  /** An OCI layout, a folder. */
  | { readonly transport: 'oci'; readonly path: string; readonly tag: string | undefined }
  /** An OCI layout, a tar. */
  | { readonly transport: 'oci-archive'; readonly path: string; readonly tag: string | undefined }
  /** What `docker save` wrote. */
  | { readonly transport: 'docker-archive'; readonly path: string; readonly tag: string | undefined };

const LOOKS: Readonly<Record<SourceName['transport'], string>> = {
  'docker-daemon': 'docker-daemon:NAME[:TAG]',
  docker: 'docker://[REGISTRY/]NAME[:TAG]',
  oci: 'oci:FOLDER[:TAG]',
  'oci-archive': 'oci-archive:FILE[:TAG]',
  'docker-archive': 'docker-archive:FILE[:NAME:TAG]',
};

/** Of skopeo, which are not read here; a colon may also stand before the tag of an engine's image. */
const OTHERS = /^(?:containers-storage:|ostree:|sif:|tarball:|dir:[./])/;

/** No tag has a colon or a slash in it, and no port is a word: a transport, mistyped. */
const NO_NAME = /^[a-z][a-z-]*:(?!\d+\/)[^@]*[:/]/;

/**
 * Read the name of an image as skopeo(1) names images. A plain name is an engine's; one that begins like a transport
 * (an image `oci`, with a tag) is named `docker-daemon:NAME`.
 *
 * @throws SourceError SOURCE_BAD_REFERENCE  the hint shows how it is written
 * @see containers-transports(5)
 * @example parseSourceName('oci:layout:1.0') // { transport: 'oci', path: 'layout', tag: '1.0' }
 */
export function parseSourceName(text: string): SourceName {
  const [, transport = '', rest = ''] =
    /^(docker-daemon|docker-archive|oci-archive|oci|docker):(.*)$/s.exec(text) ?? [];
  if (transport === 'docker' && rest.startsWith('/')) {
    const [, name = ''] = /^\/\/([^/].*)$/s.exec(rest) ?? [];
    return { transport, name: required(name, transport, text) };
  }
  if (transport === 'docker-daemon') return { transport, name: required(rest, transport, text) };
  if (transport === 'oci' || transport === 'oci-archive' || transport === 'docker-archive') {
    const [, path = '', tag] = /^([^:]*)(?::(.*))?$/s.exec(rest) ?? [];
    if (tag === '') throw malformed(text, transport);
    return { transport, path: required(path, transport, text), tag };
  }
  if (OTHERS.test(text))
    throw new SourceError('SOURCE_BAD_REFERENCE', `'${text}' is of a kind that is not read here`, {
      hint: "Copy it with 'skopeo copy' into oci:FOLDER, and name that.",
    });
  if (NO_NAME.test(text))
    throw new SourceError('SOURCE_BAD_REFERENCE', `'${text}' names no transport that is read here`, {
      hint: `It is written ${Object.values(LOOKS).join(', ')}; a plain NAME[:TAG] is an engine's.`,
    });
  return { transport: 'docker-daemon', name: required(text, 'docker-daemon', text) };
}

function required(part: string, transport: SourceName['transport'], text: string): string {
  if (part === '') throw malformed(text, transport);
  return part;
}

function malformed(text: string, transport: SourceName['transport']): SourceError {
  return new SourceError('SOURCE_BAD_REFERENCE', `'${text}' does not say which image`, {
    hint: `It is written ${LOOKS[transport]}.`,
  });
}
