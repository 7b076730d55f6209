/**
 * The name on the command line of an option of `docker run`, by its key.
 *
 * @example optionName('readOnly') // 'read-only'
 */
export function optionName(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
