import { z } from 'zod'
import { UserError } from '#src/kernel/errors.ts'
import type { Keeper } from './keeper.ts'

/** What the playground asks its launcher for, on somebody's wish: to stop, start or kill one of its processes. */
const question = z.object({ id: z.number(), process: z.string(), act: z.enum(['stop', 'start', 'kill']) })

/** Does it, and answers `{id, pid}` or `{id, error}`. Other messages are not for it. */
export async function answerProcessFault(
  message: unknown,
  keepers: Readonly<Record<string, Keeper>>,
  answer: (answer: object) => void,
): Promise<void> {
  const asked = question.safeParse(message)
  if (!asked.success) return
  const { id, process: name, act } = asked.data
  try {
    const keeper = keepers[name]
    if (!keeper) throw new UserError(`No process called ${name} is the launcher's to ${act}.`)
    const before = keeper.current()
    if (act !== 'kill') await keeper[act]()
    else if (before) process.kill(before.pid, 'SIGKILL')
    else throw new UserError(`${keeper.name} does not run at the moment.`)
    answer({ id, pid: act === 'start' ? keeper.current()?.pid : before?.pid })
  } catch (error) {
    answer({ id, error: (error as Error).message })
  }
}
