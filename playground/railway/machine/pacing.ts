/** How long things take, in milliseconds: long enough for a member to see the steps, 0 in most tests. */
export interface Pacing {
  readonly initializeMs: number
  readonly buildMs: number
  /** Between two health checks of a starting deployment. */
  readonly healthIntervalMs: number
  /** Before the first restart after a crash; doubles with each, up to 5 s. */
  readonly restartMs: number
  /** A process that was up this long has its crashes forgotten. */
  readonly stableMs: number
  /** A process that has not listened by then is RUNNING all the same. */
  readonly listenMs: number
  /** For so long a bad version behaves well after it has gone live. */
  readonly goodForMs: number
  /** Between two samples of CPU, memory and traffic. */
  readonly sampleMs: number
}

export const defaultPacing = {
  initializeMs: 200,
  buildMs: 600,
  healthIntervalMs: 150,
  restartMs: 400,
  stableMs: 60_000,
  listenMs: 3_000,
  goodForMs: 8_000,
  sampleMs: 5_000,
} as const satisfies Pacing
