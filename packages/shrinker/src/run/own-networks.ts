/** Networks of which each container has its own piece: they give nothing that a container does not have by itself. */
export const OWN_NETWORKS: ReadonlySet<unknown> = new Set(['bridge', 'default', 'none']);
