import { ConfigError } from '#src/kernel/errors.ts'

/** Why PostgreSQL did not start, as one plain sentence made of what it said. */
export function startFailure(said: string): ConfigError {
  if (/no space left on device|disk quota exceeded/i.test(said)) {
    return new ConfigError([
      'the disk that holds the data folder is full: free some space and start again (or set HELIX_DATA to a folder on another disk)',
    ])
  }
  const lines = said.trim().split('\n').slice(-5)
  return new ConfigError([
    `the embedded PostgreSQL did not start; set DATABASE_URL to use another. It said: ${lines.join(' | ') || 'nothing'}`,
  ])
}

/** Another process took the port between its choice and its use. */
export function portWasTaken(said: string): boolean {
  return /could not bind|could not create any TCP\/IP sockets/i.test(said)
}

/** Processes of a server that was killed are still ending, and hold its memory until they did. */
export function predecessorIsEnding(said: string): boolean {
  return /shared memory block .* still in use/i.test(said)
}
