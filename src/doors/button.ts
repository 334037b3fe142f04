import type { IncomingButton } from '#src/adapters/discord/discord.ts'
import { Denied } from '#src/guards/permission-guard.ts'
import type { Actor } from '#src/kernel/call.ts'
import type { Dispatch } from '#src/kernel/dispatch.ts'
import { UserError } from '#src/kernel/errors.ts'
import type { Places } from '#src/places/places.ts'
import { NotAnswered, type References } from '#src/references/references.ts'
import type { Answer, FailureSeen } from './answer.ts'
import { servedPlace } from './not-served.ts'

export interface ButtonParts {
  readonly places: Places
  readonly references: References
  readonly dispatch: Dispatch
  readonly answer: Answer
}

/** Buttons: each carries a signed, expiring reference to a call, which is made with the presser's own permissions. */
export function createButton({ places, references, dispatch, answer }: ButtonParts) {
  return async function button(incoming: IncomingButton): Promise<void> {
    const { customId, guild, id, member } = incoming
    const opened = open(customId)
    const mode = opened instanceof UserError ? 'ephemeral' : opened.answer
    const reply = await incoming.acknowledge(mode)
    let isAnswer = false
    const failureSeen: FailureSeen = (error) => {
      // A question that was answered makes room for what came of it; any other message stays as it is for those who read it.
      const wasAnswered = isAnswer && !(error instanceof NotAnswered || error instanceof Denied)
      const isBeside = mode === 'update' ? !wasAnswered : mode === 'public' && error instanceof Denied
      return isBeside ? 'whisper' : 'answer'
    }
    await answer(incoming, guild === undefined ? undefined : places.of(guild), failureSeen, async () => {
      if (opened instanceof UserError) throw opened
      const served = servedPlace(places, guild)
      const { place, action } = await references.resolve(opened.id)
      if (place.guild !== served.guild || place.project !== served.project) {
        throw new UserError('This button belongs to another server or project, so nothing was done. Use the command again.')
      }
      isAnswer = action.confirms !== undefined
      const actor: Actor = { kind: 'member', id: member.id, name: member.name }
      return dispatch(
        {
          key: `discord:${id}`,
          command: action.command,
          raw: action.arguments,
          actor,
          door: 'button',
          place,
          ...(action.confirms && { confirmed: action.confirms, answers: opened.id }),
          ...(action.confirms?.exchange !== undefined && { exchange: action.confirms.exchange }),
          ...(reply && mode !== 'ephemeral' && { reply }),
        },
        member.standing,
      )
    })
  }

  function open(customId: string): ReturnType<References['open']> | UserError {
    try {
      return references.open(customId)
    } catch (error) {
      if (error instanceof UserError) return error
      throw error
    }
  }
}
