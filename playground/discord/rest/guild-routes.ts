import type { Access } from '../access.ts'
import { isThread } from '../permissions.ts'
import { Refused } from '../refusals.ts'
import { canSee, guildShape, memberShape, roleShape } from '../shapes.ts'
import type { World } from '../world.ts'
import { buckets } from './buckets.ts'
import type { Asked, Route } from './route.ts'
import { botRoute, ok } from './route.ts'

interface Deps {
  readonly world: World
  readonly access: Access
}

/** The guild, its channels, members and roles: https://docs.discord.com/developers/resources/guild */
export function guildRoutes({ world, access }: Deps): Route[] {
  const read = (path: string, run: (asked: Asked) => unknown): Route =>
    botRoute('GET', `/guilds/:guild${path}`, buckets.read, (asked) => {
      access.guild(asked.params.guild ?? '')
      return ok(run(asked))
    })
  const visible = (account: string) => [...world.channels.values()].filter((channel) => canSee(world, access.member(account), channel))

  return [
    read('', ({ query }) => {
      const counts = { approximate_member_count: world.members.size, approximate_presence_count: world.members.size }
      return { ...guildShape(world), ...(query.with_counts === 'true' ? counts : {}) }
    }),
    read('/channels', ({ account }) => visible(account).filter((channel) => !isThread(channel))),
    read('/threads/active', ({ account }) => {
      const threads = visible(account).filter((channel) => isThread(channel) && !channel.thread_metadata?.archived)
      return { threads, members: [], has_more: false }
    }),
    read('/roles', () => [...world.roles.values()].map(roleShape)),
    read('/roles/:role', ({ params }) => {
      const found = world.roles.get(params.role ?? '')
      if (!found) throw new Refused('unknownRole')
      return roleShape(found)
    }),
    // The list of all members needs an intent that the application was not granted.
    read('/members', () => {
      throw new Refused('missingAccess')
    }),
    read('/members/search', ({ query }) => {
      const wanted = (query.query ?? '').toLowerCase()
      const named = [...world.members.values()].filter(({ user }) =>
        [user.username, user.global_name ?? ''].some((name) => name.toLowerCase().startsWith(wanted)),
      )
      return named.slice(0, Number(query.limit ?? 1)).map(memberShape)
    }),
    read('/members/:user', ({ params }) => {
      const found = world.members.get(params.user ?? '')
      if (!found) throw new Refused('unknownMember')
      return memberShape(found)
    }),
  ]
}
