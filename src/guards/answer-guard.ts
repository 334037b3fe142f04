import { actorKey } from '#src/kernel/call.ts'
import { type Entry, type Guard, isChange } from '#src/kernel/dispatch.ts'
import type { Questions } from '#src/references/questions.ts'
import { NotAnswered, type References } from '#src/references/references.ts'

/**
 * A call that answers a question (Confirm, Cancel) uses the question up: only whoever was asked can, and once. The yes to a change is used up
 * by the operation that it starts, in one transaction with it (src/operations/start.ts): a press whose process died can be made again.
 */
export function answerGuard(references: Pick<References, 'check' | 'consume'>, questions: Pick<Questions, 'answered'>): Guard<Entry> {
  return async ({ call, command }, goOn) => {
    const { answers } = call
    if (answers === undefined) return goOn()
    const by = actorKey(call.actor)
    if (!isChange(command)) {
      await references.consume(answers, by)
      await questions.answered(call)
      return goOn()
    }
    await references.check(answers, by)
    try {
      return await goOn()
    } catch (error) {
      // What stands there now is why nothing was started. The question's end must not take its place.
      if (await isOpen(answers, by)) await questions.answered(call)
      throw error
    }
  }

  async function isOpen(id: string, by: string): Promise<boolean> {
    try {
      await references.check(id, by)
      return true
    } catch (error) {
      if (error instanceof NotAnswered) return false
      throw error
    }
  }
}
