/** Where Redis holds what belongs to a channel. */
export const streamKeys = {
  /** The messages: a capped stream. */
  entries: (channel: string) => `helix:stream:${channel}`,
  /** How many messages the channel has had, ever: each entry carries its number, so that whoever reads sees what was trimmed between two. */
  count: (channel: string) => `helix:count:${channel}`,
  /** Who appends what foreign publishers only PUBLISH, for as long as its lease runs. */
  bridge: (channel: string) => `helix:bridge:${channel}`,
  /** Which process reads the channel for all that show it in Discord. */
  reader: (channel: string) => `helix:reader:${channel}`,
  /** Until when some process heard what foreign publishers send, without a break. */
  heard: (channel: string) => `helix:heard:${channel}`,
  /** Set while what was published once under a key must not be published again. */
  once: (key: string) => `helix:once:${key}`,
  /** Of a key that holds the newest message of a channel: which entry that is, by what the key held then. */
  latest: (key: string) => `helix:latest:${key}`,
} as const
