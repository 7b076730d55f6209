import { type ArchiveFile, ROLE_LABEL } from '@keepset/docker-engine';
import { isLoaderVariable, TOOLBOX_FOLDER, toolCommand } from '@keepset/toolbox';

/** What is to be removed from which image. */
export interface RemovalRequest {
  /** What FROM names: an id, which no tag can move. */
  readonly source: string;
  /** Its variables: NAME=value. */
  readonly sourceEnv: readonly string[];
  /** The loader, the libraries, find and tar: names below the toolbox. */
  readonly tools: readonly ArchiveFile[];
  /** Byte strings, absolute, in any order. */
  readonly removed: readonly string[];
  /** A tar of the folders whose times the removal renews, and of the files that go in empty. */
  readonly restored: Uint8Array;
}

/**
 * A build context that removes files from an image in a layer of its own. The remover and all that it needs come with
 * the context: it does not miss what it removes, whatever of the image's own loader, libraries and shell that is.
 *
 * @see find(1), "-files0-from", "-delete": no shell, no length of a command line, no name that means something else
 */
export function toRemovalContext({
  source,
  sourceEnv,
  tools,
  removed,
  restored,
}: RemovalRequest): readonly ArchiveFile[] {
  const remove = ['-files0-from', `${TOOLBOX_FOLDER}/remove.list`, '-maxdepth', '0', '-delete'];
  const restore = [
    '--extract',
    `--file=${TOOLBOX_FOLDER}/restore.tar`,
    '--directory=/',
    '--numeric-owner',
    '--same-owner',
    '--same-permissions',
    '--xattrs',
    '--xattrs-include=*',
  ];
  // A build can empty a variable, not remove it; what an instruction cannot name acts on no program.
  const quiet = sourceEnv
    .map((variable) => variable.split('=')[0] ?? '')
    .filter((name) => isLoaderVariable(name) && /^\w+$/.test(name));
  const dockerfile = [
    `FROM ${source}`,
    // First: no other build has these steps.
    `LABEL ${ROLE_LABEL}=removal`,
    ...quiet.map((name) => `ENV ${name}=""`),
    'USER 0:0',
    'WORKDIR /',
    `COPY tools ${TOOLBOX_FOLDER}`,
    ...(removed.length === 0 ? [] : [`RUN ${JSON.stringify(toolCommand('find', remove))}`]),
    `RUN ${JSON.stringify(toolCommand('tar', restore))}`,
    '',
  ].join('\n');
  // What a folder holds goes before the folder.
  const list = removed.toSorted().reverse();
  return [
    file('Dockerfile', Buffer.from(dockerfile)),
    ...tools.map(({ header, content }) => ({
      header: { ...header, name: `tools/${header.name}` },
      ...(content && { content }),
    })),
    file('tools/remove.list', Buffer.from(list.map((path) => `${path}\0`).join(''), 'latin1')),
    file('tools/restore.tar', restored),
  ];
}

function file(name: string, content: Uint8Array): ArchiveFile {
  return { header: { name, mode: 0o644, mtime: new Date(0) }, content };
}
