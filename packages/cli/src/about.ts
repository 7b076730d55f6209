/** What keepset does. */
export const ABOUT =
  'Make a Docker image as small as the command that runs in it needs, and verify that it still works.';
