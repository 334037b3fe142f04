import { Routes } from 'discord.js'
import type { Log } from '#src/kernel/log.ts'
import { commandDiff } from './command-diff.ts'
import type { DiscordCommands } from './discord.ts'
import { createRest } from './rest.ts'
import { asked } from './upstream.ts'

export interface CommandsParts {
  readonly token: string
  /** Without version, such as `https://discord.com/api`. */
  readonly apiUrl: string
  readonly applicationId: string
  readonly log: Log
}

/**
 * Registers the slash commands: one request to read, and one to write everything only where something differs (Discord allows 200
 * creations a day). Throws UpstreamError. https://discord.com/developers/docs/interactions/application-commands
 */
export function createDiscordCommands({ token, apiUrl, applicationId, log }: CommandsParts): DiscordCommands {
  return {
    async register(payload, guild, options = {}) {
      const rest = createRest(apiUrl, token)
      const route = guild === undefined ? Routes.applicationCommands(applicationId) : Routes.applicationGuildCommands(applicationId, guild)
      const scope = guild === undefined ? 'global' : 'guild'
      const wanted = guild === undefined ? payload : payload.map(withoutGlobalFields)
      const read = `list_${operations[scope]}`
      const standing = await asked({ operation: read, repeatable: true }, async (signal) => {
        const answer = await rest.get(route, { query: new URLSearchParams({ with_localizations: 'true' }), signal })
        if (!Array.isArray(answer)) throw new SyntaxError('Discord answered with something that is no list of commands')
        return answer as readonly object[]
      })
      const lines = commandDiff(standing, wanted, scope)
      if (lines.length === 0 || options.dryRun) return lines
      const write = `bulk_set_${operations[scope]}`
      await asked({ operation: write, repeatable: true }, (signal) => rest.put(route, { body: wanted, signal }))
      log.info({ scope, changes: lines.length }, 'commands are registered with Discord')
      return lines
    },
  }
}

const operations = { global: 'application_commands', guild: 'guild_application_commands' } as const

/** Discord knows these for global commands alone. */
function withoutGlobalFields(command: object): object {
  const { contexts, integration_types, ...rest } = command as Readonly<Record<string, unknown>>
  return rest
}
