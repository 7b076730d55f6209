/**
 * What process 1 will be: ENTRYPOINT and CMD as the engine merges them.
 *
 * @param command     what follows IMAGE; empty: the image's own CMD
 * @param entrypoint  replaces the image's ENTRYPOINT, and drops its CMD; empty: none
 * @see Dockerfile reference, "Understand how CMD and ENTRYPOINT interact"
 * @example effectiveCommand({ Entrypoint: ['/e', '-x'], Cmd: ['c'] }, ['d']) // ['/e', '-x', 'd']
 */
export function effectiveCommand(
  image: {
    readonly Entrypoint?: readonly string[] | null | undefined;
    readonly Cmd?: readonly string[] | null | undefined;
  },
  command: readonly string[],
  entrypoint?: string,
): readonly string[] {
  if (entrypoint !== undefined) return entrypoint === '' ? command : [entrypoint, ...command];
  return [...(image.Entrypoint ?? []), ...(command.length > 0 ? command : (image.Cmd ?? []))];
}
