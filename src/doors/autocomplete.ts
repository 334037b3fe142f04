import type { IncomingAutocomplete } from '#src/adapters/discord/discord.ts'
import type { Suggestion } from '#src/kernel/argument.ts'
import type { CommandBook } from '#src/kernel/command-book.ts'
import type { Directory } from '#src/kernel/directory.ts'
import type { Log } from '#src/kernel/log.ts'
import { covers, type Permissions } from '#src/permissions/permissions.ts'
import type { Places } from '#src/places/places.ts'

/** Discord's limit on choices. */
const MOST = 25

export interface AutocompleteParts {
  readonly book: CommandBook
  readonly places: Places
  readonly permissions: Permissions
  readonly directory: Directory
  readonly log: Log
}

/** Suggestions while a member types, from the cache; nothing for whoever may not call the command. */
export function createAutocomplete({ book, places, permissions, directory, log }: AutocompleteParts) {
  return async function autocomplete(incoming: IncomingAutocomplete): Promise<void> {
    const { command, focused } = incoming
    // There is nothing to show a failure on: the member types on, and the command itself will say what is wrong.
    const failed = (err: unknown) => log.warn({ err, command, option: focused }, 'autocomplete failed')
    const suggestions = await suggest(incoming).catch((error) => {
      failed(error)
      return []
    })
    await incoming.respond(suggestions.slice(0, MOST)).catch(failed)
  }

  async function suggest({ guild, command: name, options, focused, typed, member }: IncomingAutocomplete): Promise<readonly Suggestion[]> {
    const place = guild === undefined ? undefined : places.of(guild)
    const command = book.get(name)
    const argument = command?.arguments[focused]
    if (!place || !command || !argument?.suggest) return []
    if (!covers(await permissions.roleOf(place.guild, member.standing), command.role)) return []
    const at = { ...place, environment: await chosenEnvironment(options.environment) }
    return argument.suggest(typed, { command: name, place: at, directory, book, raw: options })

    async function chosenEnvironment(raw: unknown): Promise<string> {
      if (typeof raw !== 'string' || focused === 'environment') return place!.environment
      const found = (await directory.environments(place!)).find((each) => each.name === raw || each.id === raw)
      return found?.id ?? place!.environment
    }
  }
}
