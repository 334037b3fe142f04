import { useEffect, useState } from 'preact/hooks'
import type { Leaf } from '#playground/page/commands/leaf.ts'
import type { Item } from '#playground/page/commands/option-items.ts'
import type { Draft } from '#playground/page/commands/values.ts'
import type { Session } from '#playground/page/session/session.ts'

export interface Suggestions {
  readonly items: readonly Item[]
  readonly state: 'idle' | 'loading' | 'ready' | 'failed'
}

const idle: Suggestions = { items: [], state: 'idle' }
/** So long must typing rest before the bot is asked, in milliseconds. */
const rest = 150

/** What the bot suggests for the focused option as typed; asks nothing while `focused` is undefined or its value was picked. */
export function useSuggestions(session: Session, channel: string, leaf: Leaf, draft: Draft, focused: string | undefined): Suggestions {
  const [suggestions, setSuggestions] = useState(idle)
  const filled = focused === undefined ? undefined : draft[focused]
  const text = filled?.text ?? ''
  const asks = focused !== undefined && filled?.picked === undefined
  useEffect(() => {
    if (!asks) return setSuggestions(idle)
    let current = true
    setSuggestions(({ items }) => ({ items, state: 'loading' }))
    const timer = setTimeout(() => {
      session.suggest(channel, leaf, draft, focused).then(
        (choices) => current && setSuggestions({ items: choices.map(({ name, value }) => ({ label: name, value })), state: 'ready' }),
        () => current && setSuggestions({ items: [], state: 'failed' }),
      )
    }, rest)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [session, channel, leaf, focused, text, asks])
  return suggestions
}
