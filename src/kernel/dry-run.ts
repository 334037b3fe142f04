import type { Argument } from './argument.ts'
import { asText } from './arguments/as-text.ts'
import { UserError } from './errors.ts'

/** The name under which every change command has it, at every door. */
export const dryRunName = 'dry-run'

/** What every change command gets by itself: the plan is shown, and nothing is done. Left out: false. */
export const dryRun: Argument<boolean> = {
  describe: 'Say what would happen and do nothing',
  shape: { type: 'boolean' },
  required: false,
  read: async (raw) => {
    if (raw === undefined || raw === null || raw === '') return false
    if (typeof raw === 'boolean') return raw
    const word = asText(raw).trim().toLowerCase()
    if (['true', 'yes', 'on', '1'].includes(word)) return true
    if (['false', 'no', 'off', '0'].includes(word)) return false
    throw new UserError('dry-run is either true or false. Nothing was done.')
  },
}
