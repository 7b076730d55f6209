import { optionGroup } from './option.js';
import { RUN_OPTIONS } from './run-options.js';

/** Which image of a name, and how registries are reached, for every command that reads images. */
export const IMAGE_OPTIONS = optionGroup('Images', {
  platform: { ...RUN_OPTIONS.options.platform, defaultText: "this machine's" },
  insecure: {
    type: 'flag',
    defaultText: 'registries of this machine alone',
    description: 'Ask registries also without TLS, and where nobody vouches for their certificate',
  },
});

/** For the notes of such a command. */
export const IMAGE_NAMES = `An image is one of the engine, or, without an engine, \`docker://NAME\` at a registry, \`oci:FOLDER[:TAG]\`,
\`oci-archive:FILE[:TAG]\` or \`docker-archive:FILE[:NAME:TAG]\`; \`docker-daemon:NAME\` is one of the engine, too.`;
