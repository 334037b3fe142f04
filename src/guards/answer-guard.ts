import { actorKey } from '#src/kernel/call.ts'
import type { Entry, Guard } from '#src/kernel/dispatch.ts'
import type { Questions } from '#src/references/questions.ts'
import type { References } from '#src/references/references.ts'

/** A call that answers a question (Confirm, Cancel) uses the question up: only whoever was asked can, and once. */
export function answerGuard(references: Pick<References, 'consume'>, questions: Pick<Questions, 'answered'>): Guard<Entry> {
  return async ({ call }, goOn) => {
    if (call.answers !== undefined) {
      await references.consume(call.answers, actorKey(call.actor))
      await questions.answered(call)
    }
    return goOn()
  }
}
