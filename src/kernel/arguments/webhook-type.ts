import type { Argument } from '../argument.ts'
import { webhookTypes } from '../webhook-types.ts'
import { ranked } from './nearest.ts'
import { text } from './text.ts'

/** Types of Railway's webhooks, in which `*` stands for anything, with commas or spaces between them. Suggests those that are known. */
export function webhookType(describe: string): Argument<string> {
  return {
    ...text(describe, { max: 300 }),
    async suggest(typed) {
      const [, before = '', last = ''] = /^(.*[,\s])?([^,\s]*)$/s.exec(typed) ?? []
      const found = ranked(last, webhookTypes).map((type) => `${before}${type}`)
      return found.filter((each) => each.length <= 100).map((name) => ({ name, value: name }))
    },
  }
}
