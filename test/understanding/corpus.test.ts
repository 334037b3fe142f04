import { isDeepStrictEqual } from 'node:util'
import { describe, expect, test } from 'vitest'
import { type Form, halves } from './corpus/form.ts'
import { heldOut } from './corpus/held-out.ts'
import { neverHeldOut } from './corpus/never-held-out.ts'
import { neverUnseen, strangers, unseen } from './corpus/unseen.ts'
import { book, interpreter, neverChanges, now, spoken } from './understood.ts'

const understand = (words: string) => interpreter.understand(words, { now })
const isChange = (command: string | null) => command !== null && book.get(command)!.risk !== 'read'

function misunderstood(forms: readonly Form[]): readonly string[] {
  return forms.flatMap(({ words, command, args }) => {
    const heard = understand(words)
    const isRight = heard.command === command && isDeepStrictEqual(heard.args, args) && heard.confidence >= 0.5
    return isRight ? [] : [`${words} → ${heard.command} ${JSON.stringify(heard.args)} ${heard.confidence}`]
  })
}

describe('spoken forms', () => {
  const all = [...spoken, ...unseen, ...strangers, ...heldOut]
  test('are many: 220 in all, 12 for each command that changes something', () => {
    expect(all.length).toBeGreaterThanOrEqual(220)
    const changes = [...book].filter(([name, { doors }]) => doors.includes('voice') && isChange(name))
    const counted = changes.map(([name]) => [name, all.filter(({ command }) => command === name).length] as const)
    expect(counted.filter(([, many]) => many < 12)).toEqual([])
  })
  test.each([
    ['that were tuned on', halves(spoken).tuned],
    ['that were held out', halves(spoken).heldOut],
    ['that were written afterwards', unseen],
    ['of a stranger', strangers],
    // 154 of 157 (98.1 %) at the first try, when the grammar was done; 0 of the 122 that are no order became a change.
    ['that were written blind', heldOut],
  ])('%s mean the right command with the right arguments, 98 of 100', (_, forms) => {
    const wrong = misunderstood(forms)
    expect(wrong.length, wrong.join('\n')).toBeLessThanOrEqual(forms.length * 0.02)
  })
  test('never mean another change', () => {
    const wrong = all.filter(({ words, command, args }) => {
      const heard = understand(words)
      return isChange(heard.command) && !(heard.command === command && isDeepStrictEqual(heard.args, args))
    })
    expect(wrong).toEqual([])
  })
})

describe('sentences that are no order', () => {
  const all = [...neverChanges, ...[...neverUnseen, ...neverHeldOut].map((words) => ({ why: 'unseen', words }))]
  test('are many', () => expect(all.length).toBeGreaterThanOrEqual(150))
  test.each(all)('$why: $words', ({ words }) => expect(isChange(understand(words).command)).toBe(false))
  test.each(neverChanges.filter(({ why }) => why === 'unaddressed'))('what is said to somebody else is ignored: $words', ({ words }) => {
    expect(understand(words)).toMatchObject({
      addressed: false,
      command: null,
      args: {},
      confidence: 0,
      alternatives: [],
      context: undefined,
    })
  })
})
