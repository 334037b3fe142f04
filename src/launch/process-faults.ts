import { UserError } from '#src/kernel/errors.ts'
import type { Keeper } from './keeper.ts'
import { isProcessWish } from './messages.ts'

/** Does it, and answers `{id, pid}` or `{id, error}`. Other messages are not for it. */
export async function answerProcessFault(
  message: unknown,
  keepers: Readonly<Record<string, Keeper>>,
  answer: (answer: object) => void,
): Promise<void> {
  if (!isProcessWish(message)) return
  const { id, process: name, act } = message
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
