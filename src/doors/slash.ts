import type { IncomingCommand } from '#src/adapters/discord/discord.ts'
import { Denied } from '#src/guards/permission-guard.ts'
import type { CommandBook } from '#src/kernel/command-book.ts'
import type { Dispatch } from '#src/kernel/dispatch.ts'
import { UserError } from '#src/kernel/errors.ts'
import type { Places } from '#src/places/places.ts'
import type { Answer } from './answer.ts'
import { servedPlace } from './not-served.ts'

export interface SlashParts {
  readonly book: CommandBook
  readonly places: Places
  readonly dispatch: Dispatch
  readonly answer: Answer
}

/** Slash commands: acknowledge at once, then claim and act (the dispatcher's part), then show the report. */
export function createSlash({ book, places, dispatch, answer }: SlashParts) {
  return async function slash(incoming: IncomingCommand): Promise<void> {
    const command = book.get(incoming.command)
    const isPublic = command?.answer !== 'ephemeral'
    const reply = await incoming.acknowledge(isPublic ? 'public' : 'ephemeral')
    await answer(
      incoming,
      incoming.guild === undefined ? undefined : places.of(incoming.guild),
      // Who may not do something is told so alone.
      (error) => (isPublic && error instanceof Denied ? 'whisper' : 'answer'),
      async () => {
        const place = servedPlace(places, incoming.guild)
        if (!command?.doors.includes('slash')) {
          throw new UserError('This command is of an older Helix and is gone. Reload Discord (Ctrl+R) to see the commands of today.')
        }
        const { id, member, options } = incoming
        return dispatch(
          {
            key: `discord:${id}`,
            command: incoming.command,
            raw: options,
            actor: { kind: 'member', id: member.id, name: member.name },
            door: 'slash',
            place,
            ...(reply && command.answer !== 'ephemeral' && { reply }),
          },
          member.standing,
        )
      },
    )
  }
}
