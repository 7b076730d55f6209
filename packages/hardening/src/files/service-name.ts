/**
 * A name for what runs an image: the last part of its reference, in letters that every tool takes.
 *
 * @example serviceName('registry.example/team/web:small') // 'web'
 */
export function serviceName(image: string): string {
  const last = image.replace(/@.*$/, '').split('/').at(-1) ?? '';
  const name = last
    .replace(/:.*$/, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, NAME_LENGTH_MAX);
  return name === '' ? 'app' : name;
}

/** A label of the domain name system, which Kubernetes has for names. */
const NAME_LENGTH_MAX = 50;
