import type { Store } from '#src/adapters/store/store.ts'
import type { CommandBook } from '#src/kernel/command-book.ts'
import type { Log } from '#src/kernel/log.ts'
import type { Action, Report } from '#src/kernel/report.ts'
import type { AnswerMode } from '#src/references/custom-id.ts'
import type { References } from '#src/references/references.ts'
import type { Render } from './answer.ts'
import { renderReport } from './render/render-report.ts'

export interface RendererParts {
  readonly references: Pick<References, 'issue'>
  readonly book: CommandBook
  readonly store: Pick<Store, 'awayFault'>
  readonly log: Log
}

/** Reports as Discord messages; each action becomes a button that carries a signed reference. Outside a place there is nothing to press. */
export function createRenderer({ references, book, store, log }: RendererParts): Render {
  const bare = (report: Report) => renderReport({ ...report, actions: [] }, { customId: async () => '' })
  return async (report, place) => {
    if (!place) return bare(report)
    try {
      return await renderReport(report, { customId: (action) => references.issue({ place, action, answer: answerMode(action, book) }) })
    } catch (error) {
      // What is to be said is said, without its buttons: they are rows of the database.
      const away = store.awayFault(error)
      if (!away) throw error
      log.warn({ reason: away.message }, 'a report goes without its buttons')
      return bare(report)
    }
  }
}

/** A yes turns the question itself into the answer; everything else is answered as its command says. */
function answerMode({ confirms, command }: Action, book: CommandBook): AnswerMode {
  if (confirms) return 'update'
  const answer = book.get(command)?.answer
  return answer === 'update' || answer === 'ephemeral' ? answer : 'public'
}
