/** Containers and volumes of keepset's carry this label; its value is the role. */
export const ROLE_LABEL = 'org.keepset.role';

/** The label of a container that names the session that made it. */
export const SESSION_LABEL = 'org.keepset.session';

/** The start of the history entry of every image that keepset builds; how `prune` knows an unnamed one. */
export const HISTORY_MARK = 'keepset ';
