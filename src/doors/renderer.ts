import type { CommandBook } from '#src/kernel/command-book.ts'
import type { Action } from '#src/kernel/report.ts'
import type { AnswerMode } from '#src/references/custom-id.ts'
import type { References } from '#src/references/references.ts'
import type { Render } from './answer.ts'
import { renderReport } from './render/render-report.ts'

export interface RendererParts {
  readonly references: Pick<References, 'issue'>
  readonly book: CommandBook
}

/** Reports as Discord messages; each action becomes a button that carries a signed reference. Outside a place there is nothing to press. */
export function createRenderer({ references, book }: RendererParts): Render {
  return (report, place) => {
    if (!place) return renderReport({ ...report, actions: [] }, { customId: async () => '' })
    return renderReport(report, { customId: (action) => references.issue({ place, action, answer: answerMode(action, book) }) })
  }
}

/** A yes turns the question itself into the answer; everything else is answered as its command says. */
function answerMode({ confirms, command }: Action, book: CommandBook): AnswerMode {
  if (confirms) return 'update'
  const answer = book.get(command)?.answer
  return answer === 'update' || answer === 'ephemeral' ? answer : 'public'
}
