import type { DiscordInspection } from '#src/adapters/discord/discord.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import type { Delivery, RefusedPosts } from './delivery.ts'

/** A channel in which Discord refuses what Helix has to show, in words. */
export interface RefusedThere extends Pick<RefusedPosts, 'what' | 'reason' | 'times' | 'since'> {
  /** `#ops`, `threads in #ops`, `the server’s system channel`. */
  readonly where: string
}

/** Whether what Helix has to show is shown. */
export interface Posts {
  /** What Discord refuses in a server at present, once for each channel, worst first. Empty where all is well. */
  refused(guild: string): Promise<readonly RefusedThere[]>
}

export interface PostsParts {
  readonly delivery: Pick<Delivery, 'refused'>
  readonly inspection: Pick<DiscordInspection, 'guild'>
}

export function createPosts({ delivery, inspection }: PostsParts): Posts {
  return {
    async refused(guild) {
      const refused = await delivery.refused(guild)
      const names = refused.length === 0 ? new Map<string, string>() : await channelNames(guild)
      return refused.map(({ channel, what, ...rest }) => {
        const name = channel === undefined ? 'the server’s system channel' : `#${names.get(channel) ?? channel}`
        return { where: what === 'thread' ? `threads in ${name}` : name, what, ...rest }
      })
    },
  }

  /** Without Discord, or for a channel that is gone, the id has to do. */
  async function channelNames(guild: string): Promise<ReadonlyMap<string, string>> {
    try {
      return new Map((await inspection.guild(guild))?.channels.map(({ id, name }) => [id, name] as const))
    } catch (error) {
      if (error instanceof UpstreamError) return new Map()
      throw error
    }
  }
}
