import { useEffect, useRef, useState } from 'preact/hooks'
import type { Feed } from '#playground/page/session/feed.ts'
import type { Session } from '#playground/page/session/session.ts'
import { compareSnowflakes } from '#playground/page/snowflake.ts'

/** Fetches a channel's messages when it is opened, and again when the session had to begin anew. Answers what went wrong, as a sentence. */
export function useFeed(session: Session, channel: string | undefined, live: boolean, fresh: boolean): string | undefined {
  const [problem, setProblem] = useState<string>()
  useEffect(() => {
    if (!channel || !live || fresh) return
    session.refresh(channel).then(
      () => setProblem(undefined),
      (error: Error) => setProblem(`The messages could not be loaded: ${error.message}`),
    )
  }, [session, channel, live, fresh])
  return problem
}

/** Channels in which something came that was not looked at. */
export function useUnread(feeds: Readonly<Record<string, Feed>>, open: string | undefined): ReadonlySet<string> {
  const seen = useRef(new Map<string, string>())
  const newest = (feed: Feed | undefined) => feed?.messages.at(-1)?.id ?? '0'
  if (open) seen.current.set(open, newest(feeds[open]))
  const unread = Object.entries(feeds).filter(([id, feed]) => compareSnowflakes(newest(feed), seen.current.get(id) ?? '0') > 0)
  return new Set(unread.map(([id]) => id))
}
