import type { PlaygroundState } from './playground-state.ts'
import type { SessionState } from './session-state.ts'

type Channels = PlaygroundState['channels']

/** Public threads: as the playground names them, and those that messages brought since it was asked. */
export function threadsIn({ feeds }: Pick<SessionState, 'feeds'>, channels: Channels): Channels {
  const known = channels.filter(({ type }) => type === 11)
  const onMessages = Object.values(feeds).flatMap(({ messages }) =>
    messages.flatMap(({ thread, channel_id }) => (thread ? [{ id: thread.id, name: thread.name, type: 11, parent: channel_id }] : [])),
  )
  return [...known, ...onMessages.filter(({ id }) => !known.some((one) => one.id === id))]
}
