import type { Action } from '#src/kernel/report.ts'
import { comfort, limits } from './limits.ts'
import { clip, plainLine } from './plain.ts'

const style = { primary: 1, secondary: 2, danger: 4 } as const

/**
 * Rows of buttons. One is primary: the step that confirms, else the first that is no danger. At most 25; of two with the same id the
 * first stays. Throws Error where an id is longer than Discord takes.
 */
export async function buttonRows(actions: readonly Action[], customId: (action: Action) => Promise<string>): Promise<readonly object[]> {
  const primary = actions.find(({ confirms }) => confirms) ?? actions.find(({ danger }) => !danger)
  const buttons = new Map<string, object>()
  for (const action of actions.slice(0, limits.rows * limits.buttonsPerRow)) {
    const id = await customId(action)
    if (id.length < 1 || id.length > limits.customId) throw new Error(`a button's id has ${id.length} characters`)
    if (buttons.has(id)) continue
    const label = clip(plainLine(action.label) || action.command, comfort.buttonLabel)
    buttons.set(id, {
      type: 2,
      style: style[action.danger ? 'danger' : action === primary ? 'primary' : 'secondary'],
      label,
      custom_id: id,
    })
  }
  const all = [...buttons.values()]
  const rows = Math.ceil(all.length / limits.buttonsPerRow)
  return Array.from({ length: rows }, (_, row) => ({
    type: 1,
    components: all.slice(row * limits.buttonsPerRow, (row + 1) * limits.buttonsPerRow),
  }))
}
