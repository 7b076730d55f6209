import { stringify } from 'yaml';

/** Long lines stay whole, and nothing is written twice by reference. */
export function toYaml(value: object): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}
