import { useCallback, useEffect, useMemo, useState } from 'preact/hooks'
import { type Leaf, leavesOf } from '#playground/page/commands/leaf.ts'
import { createApi } from '#playground/page/session/api.ts'
import { createSession, type Session } from '#playground/page/session/session.ts'
import { createNonces } from '#playground/page/snowflake.ts'

const nonce = createNonces(Date.now)

/** The selected account's session; another one, and the old closed, when any of the three changes. */
export function useSession(token: string, guild: string, application: string): Session {
  const session = useMemo(() => {
    const later = (action: () => void, delay: number) => {
      const timer = setTimeout(action, delay)
      return () => clearTimeout(timer)
    }
    return createSession({
      api: createApi(location.origin, token),
      token,
      guild,
      application,
      nonce,
      later,
      socket: (url) => new WebSocket(url),
    })
  }, [token, guild, application])
  useEffect(() => () => session.close(), [session])
  return session
}

/** The commands that the account may run; `reload` asks again. `registered` changes whenever the bot registers others. */
export function useLeaves(session: Session, live: boolean, registered: string): { readonly leaves: readonly Leaf[]; reload(): void } {
  const [leaves, setLeaves] = useState<readonly Leaf[]>([])
  const reload = useCallback(() => {
    session.commands().then(
      (commands) => setLeaves(leavesOf(commands)),
      () => setLeaves([]), // Without a list there is nothing to pick: the composer says so.
    )
  }, [session])
  useEffect(() => {
    if (live) reload()
  }, [live, registered, reload])
  return { leaves, reload }
}
