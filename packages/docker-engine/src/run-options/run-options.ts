/**
 * The container options of `docker run`, each under docker's name and in docker's own notation. What
 * docker's client reads (files of variables, the file of `seccomp=FILE`, the value of a variable that is given as NAME
 * alone) is the caller's to read first.
 *
 * @see docker-run(1)
 */
export interface RunOptions {
  /** NAME=value */
  readonly env?: readonly string[];
  /** [SOURCE:]TARGET[:OPTIONS] */
  readonly volume?: readonly string[];
  /** type=bind,source=…,target=… */
  readonly mount?: readonly string[];
  /** PATH[:OPTIONS] */
  readonly tmpfs?: readonly string[];
  readonly workdir?: string;
  /** NAME|UID[:GROUP|GID] */
  readonly user?: string;
  /** Replaces the image's ENTRYPOINT, and drops its CMD; empty: none */
  readonly entrypoint?: string;
  readonly network?: string;
  /** [[IP:]PORT:]PORT[/PROTOCOL], also as ranges */
  readonly publish?: readonly string[];
  /** HOST:IP */
  readonly addHost?: readonly string[];
  readonly dns?: readonly string[];
  /** bytes, or with a unit: 64m */
  readonly shmSize?: string;
  readonly capAdd?: readonly string[];
  readonly capDrop?: readonly string[];
  readonly securityOpt?: readonly string[];
  readonly hostname?: string;
  /** OS/ARCHITECTURE[/VARIANT] */
  readonly platform?: string;
  readonly readOnly?: boolean;
  /** bytes, or with a unit: 512m */
  readonly memory?: string;
  /** a number of processes and threads; -1: no limit */
  readonly pidsLimit?: string;
  /** a number: 1.5 */
  readonly cpus?: string;
  /** NAME=SOFT[:HARD] */
  readonly ulimit?: readonly string[];
  /** NAME=VALUE */
  readonly sysctl?: readonly string[];
  /** HOST[:CONTAINER[:PERMISSIONS]] */
  readonly device?: readonly string[];
  /** all, a number, or device=ID,ID */
  readonly gpus?: string;
  readonly groupAdd?: readonly string[];
  readonly init?: boolean;
  readonly stopSignal?: string;
  /** Keep standard input open for the program */
  readonly interactive?: boolean;
  readonly tty?: boolean;
}
