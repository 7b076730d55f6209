/** Containers and volumes of keepset's carry this label; its value is the role. */
export const ROLE_LABEL = 'org.keepset.role';

/** The label of a container that names the session that made it: a UUID. */
export const SESSION_LABEL = 'org.keepset.session';

/** The label of a container that says whose session it is: `ConnectOptions.owner`. */
export const OWNER_LABEL = 'org.keepset.owner';

/** No image has them: containers inherit labels, and these must say who made the container. */
export const OWN_LABELS: readonly string[] = [ROLE_LABEL, SESSION_LABEL, OWNER_LABEL];

/** The start of the history entry of every image that keepset builds. */
export const HISTORY_MARK = 'keepset ';
