/** A user and group id that a server runs under; undefined: the launcher's own. */
export interface ServerUser {
  readonly uid: number
  readonly gid: number
}

const nobody: ServerUser = { uid: 65534, gid: 65534 }

/** PostgreSQL refuses to run as root, as a fresh container or server often is: it then runs as `nobody`. */
export function serverUser(uid = process.getuid?.()): ServerUser | undefined {
  return uid === 0 ? nobody : undefined
}
