/** An engine that tests run on besides the default one. It has a state of its own, which goes with it. */
export interface TestEngine extends AsyncDisposable {
  /** DOCKER_HOST and what belongs to it. */
  readonly environment: Readonly<Record<string, string>>;
}
