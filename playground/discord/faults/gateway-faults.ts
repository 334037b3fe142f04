import { z } from 'zod'
import type { Session, Sessions } from '../gateway/sessions.ts'
import type { Faults, Undo } from './fault.ts'
import { fault } from './fault.ts'

/** Codes that can be sent at all: RFC 6455, section 7.4. */
const closeCode = z
  .int()
  .min(1000)
  .max(4999)
  .refine((code) => code >= 3000 || (code <= 1014 && ![1004, 1005, 1006].includes(code)), 'This close code cannot be sent.')

/** What goes wrong at the bot's gateway. */
export function gatewayFaults(sessions: Sessions, undo: Undo): Faults {
  const toBots = (act: (session: Session) => void) => {
    const bots = sessions.all().filter(({ account, line }) => account.kind === 'bot' && line)
    bots.forEach(act)
    return { sessions: bots.length }
  }
  return {
    'drop-gateway': fault(
      "Cut the bot's gateway connection (with a close code, or without a word)",
      z.object({ code: closeCode.optional().describe('Close code; left out, the connection breaks') }),
      ({ code }) => toBots(({ line }) => line?.close(code ?? 'cut', 'Injected by the playground')),
    ),
    'silence-gateway': fault('Stop answering on the gateway without closing it (a zombie)', z.object({}), () => {
      const done = toBots(({ line }) => {
        line?.mute(true)
        undo.add(() => line?.mute(false))
      })
      return done
    }),
    reconnect: fault('Tell the bot to reconnect and resume (op 7)', z.object({}), () => toBots(({ line }) => line?.say(7, null))),
    'invalid-session': fault(
      "Declare the bot's session invalid (op 9)",
      z.object({ resumable: z.boolean().default(false) }),
      ({ resumable }) =>
        toBots((session) => {
          if (!resumable) sessions.end(session)
          session.line?.say(9, resumable)
        }),
    ),
  }
}
