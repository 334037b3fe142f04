import type { Access } from '../access.ts'
import type { Gateway } from '../gateway/gateway.ts'
import { permissionsOf } from '../permissions.ts'
import { Refused } from '../refusals.ts'
import { applicationShape } from '../shapes.ts'
import type { World } from '../world.ts'
import { buckets } from './buckets.ts'
import type { Route } from './route.ts'
import { botRoute, ok } from './route.ts'

interface Deps {
  readonly world: World
  readonly access: Access
  readonly gateway: Gateway
  readonly gatewayUrl: () => string
}

/** Who the bot is, and where its gateway. */
export function identityRoutes({ world, access, gateway, gatewayUrl }: Deps): Route[] {
  const me = (account: string) => ({ ...access.member(account).user, mfa_enabled: false, locale: 'en-US', verified: true, email: null })
  return [
    botRoute('GET', '/gateway', buckets.read, () => ok({ url: gatewayUrl() })),
    botRoute('GET', '/gateway/bot', buckets.read, () => ok({ url: gatewayUrl(), shards: 1, session_start_limit: gateway.startLimit() })),
    botRoute('GET', '/users/@me', buckets.read, ({ account }) => ok(me(account))),
    botRoute('GET', '/users/@me/guilds', buckets.read, ({ account }) => {
      const { guild } = world
      const permissions = permissionsOf(access.member(account), world).toString()
      return ok([
        { id: guild.id, name: guild.name, icon: null, banner: null, owner: guild.owner_id === account, permissions, features: [] },
      ])
    }),
    botRoute('GET', '/users/:user', buckets.read, ({ params }) => {
      const found = world.members.get(params.user ?? '')
      if (!found) throw new Refused('unknownUser')
      return ok(found.user)
    }),
    botRoute('GET', '/applications/@me', buckets.read, () => ok(applicationShape(world))),
    botRoute('GET', '/oauth2/applications/@me', buckets.read, () => ok(applicationShape(world))),
  ]
}
