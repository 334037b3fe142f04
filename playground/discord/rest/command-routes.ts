import type { Access } from '../access.ts'
import type { Commands } from '../commands.ts'
import type { Command } from '../model.ts'
import { Refused } from '../refusals.ts'
import { readCommand, readCommands } from '../schemas/command.ts'
import type { World } from '../world.ts'
import { buckets } from './buckets.ts'
import type { Asked, Route } from './route.ts'
import { botRoute, nothing, ok } from './route.ts'

interface Deps {
  readonly world: World
  readonly commands: Commands
  readonly access: Access
}

/** Application commands, global and of a guild: https://docs.discord.com/developers/interactions/application-commands */
export function commandRoutes({ world, commands, access }: Deps): Route[] {
  const scopeOf = ({ params }: Asked) => {
    if (params.application !== world.application.id) throw new Refused('unknownApplication')
    if (params.guild !== undefined) access.guild(params.guild)
    return params.guild
  }
  const listed = (command: Command, query: Asked['query']) => (query.with_localizations === 'true' ? command : plain(command))
  return ['/applications/:application/commands', '/applications/:application/guilds/:guild/commands'].flatMap((path) => [
    botRoute('GET', path, buckets.commands, (asked) => ok(commands.list(scopeOf(asked)).map((each) => listed(each, asked.query)))),
    botRoute('PUT', path, buckets.commands, (asked) => ok(commands.replace(scopeOf(asked), readCommands(asked.body)))),
    botRoute('POST', path, buckets.commands, (asked) => {
      const { command, created } = commands.upsert(scopeOf(asked), readCommand(asked.body))
      return { status: created ? 201 : 200, body: command }
    }),
    botRoute('GET', `${path}/:command`, buckets.commands, (asked) => ok(commands.get(scopeOf(asked), asked.params.command ?? ''))),
    botRoute('PATCH', `${path}/:command`, buckets.commands, (asked) => {
      const scope = scopeOf(asked)
      const before = commands.get(scope, asked.params.command ?? '')
      return ok(commands.patch(scope, before.id, readCommand({ ...before, ...(asked.body as object), type: before.type })))
    }),
    botRoute('DELETE', `${path}/:command`, buckets.commands, (asked) => {
      commands.remove(scopeOf(asked), asked.params.command ?? '')
      return nothing
    }),
  ])
}

/** Lists leave the localisations out unless they are asked for. */
function plain<Node extends object>(node: Node): Node {
  const { name_localizations: _names, description_localizations: _descriptions, ...rest } = node as Record<string, unknown>
  const inner = (key: string) => (Array.isArray(rest[key]) ? { [key]: (rest[key] as object[]).map(plain) } : {})
  return { ...rest, ...inner('options'), ...inner('choices') } as unknown as Node
}
