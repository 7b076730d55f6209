import type { OptionDefinitions } from './option.js';
import { SOURCE_OPTIONS } from './source-options.js';

/** Of every command that makes an image and runs nothing, beside where the result goes. */
export const MAKE_OPTIONS = {
  toolbox: SOURCE_OPTIONS.options.toolbox,
  manifest: { type: 'text', value: 'FILE', description: 'Write the manifest of the result to this file' },
  quiet: { type: 'flag', alias: 'q', description: 'Print only the ID of the result' },
  json: { type: 'flag', description: 'Print one JSON object' },
} as const satisfies OptionDefinitions;
