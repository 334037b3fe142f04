import type { StreamingLimits } from '../limits.ts'
import type { Session } from './session.ts'

/** Every connection of this replica. */
export interface Sessions {
  add(session: Session): void
  remove(session: Session): void
  /** A sentence why not, where one more of this subject is too many. The session counts from now on. */
  admit(session: Session, subject: string, clientId: string | undefined): string | undefined
  /** Whether one more connection may be opened at all; `waiting`: one that has not said who it is. */
  hasRoom(waiting: boolean): boolean
  readonly all: ReadonlySet<Session>
  readonly admitted: number
}

export function createSessions(limits: StreamingLimits): Sessions {
  const all = new Set<Session>()
  const keysOf = new Map<Session, readonly string[]>()
  const numberOf = new Map<string, number>()

  function count(key: string, by: number): void {
    const number = (numberOf.get(key) ?? 0) + by
    if (number === 0) numberOf.delete(key)
    else numberOf.set(key, number)
  }

  return {
    all,
    add: (session) => void all.add(session),
    remove(session) {
      all.delete(session)
      for (const key of keysOf.get(session) ?? []) count(key, -1)
      keysOf.delete(session)
    },
    admit(session, subject, clientId) {
      const own = JSON.stringify([subject])
      const named = clientId === undefined ? undefined : JSON.stringify([subject, clientId])
      if ((numberOf.get(own) ?? 0) >= limits.clientsOfSubject) return `${limits.clientsOfSubject} connections of one subject are allowed.`
      if (named && (numberOf.get(named) ?? 0) >= limits.clientsOfId)
        return `${limits.clientsOfId} connections of one client_id are allowed.`
      const keys = named ? [own, named] : [own]
      for (const key of keys) count(key, 1)
      keysOf.set(session, keys)
      return undefined
    },
    hasRoom: (waiting) => all.size < limits.clients && (!waiting || all.size - keysOf.size < limits.waiting),
    get admitted() {
      return keysOf.size
    },
  }
}
