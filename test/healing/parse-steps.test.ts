import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { healRules } from '#src/healing/heal-rules.ts'
import { NoSteps, parseSteps } from '#src/healing/parse-steps.ts'

const rules = (steps: unknown) => healRules.safeParse({ when: { kind: 'health' }, ...(steps !== undefined && { steps }) })

describe('steps as people write them', () => {
  test.each([
    ['restart', [{ do: 'restart', attempts: 1 }]],
    ['Restart x2, roll back', [{ do: 'restart', attempts: 2 }, { do: 'rollback', attempts: 1 }]], // biome-ignore format: one line each
    ['scale +2 max 6', [{ do: 'scale', by: 2, most: 6, attempts: 1 }]],
    ['scale up to 4 x3', [{ do: 'scale', by: 1, most: 4, attempts: 3 }]],
    [
      'run /agents command agent=kael command="flush, all" force=true',
      [{ do: 'run', command: 'agents.command', arguments: { agent: 'kael', command: 'flush, all', force: true }, attempts: 1 }],
    ],
    ['run zapier.test x2', [{ do: 'run', command: 'zapier.test', arguments: {}, attempts: 2 }]],
    ['redeploy,, restart,', [{ do: 'redeploy', attempts: 1 }, { do: 'restart', attempts: 1 }]], // biome-ignore format: one line each
  ])('%s', (typed, steps) => expect(rules(typed).data?.steps).toEqual(steps))

  test.each([
    ['restrt x2', '“restrt x2” is no step (did you mean restart?)'],
    ['explode', '“explode” is no step (restart, redeploy, rollback, scale or run)'],
    ['restart twice', '“restart twice” has “twice” after restart: only how often can follow, such as restart x2'],
    ['scale', '“scale” must say how many more and how many at most: scale +2 max 6'],
    ['scale +2', 'must say how many more'],
    ['run', '“run” must name a command'],
    ['run agents command agent=kael stray', 'options that cannot be read'],
    ['restart x0', 'expected number to be >=1'],
    ['restart x11', 'expected number to be <=10'],
    ['scale +2 max 51', 'expected number to be <=50'],
    [',', 'expected array to have >=1 items'],
    ['restart, restart, restart, restart, restart, restart', 'expected array to have <=5 items'],
    [7, 'Invalid input'],
    [[{ do: 'deploy' }], 'must be restart, redeploy, rollback, scale or run'],
  ])('%s is refused with its fault', (typed, fault) => {
    expect(JSON.stringify(rules(typed).error?.issues)).toContain(JSON.stringify(fault).slice(1, -1))
  })

  test('left out: restart, redeploy, rollback', () => {
    expect(rules(undefined).data?.steps.map((step) => step.do)).toEqual(['restart', 'redeploy', 'rollback'])
  })

  test('whatever is typed is read or refused', () => {
    const piece = fc.constantFrom('restart', 'scale', 'run', ' x2', ', ', '"', 'a=b', '+2', ' max 6', '\\', ',', ' ', '=', '.')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        try {
          expect(Array.isArray(parseSteps(pieces.join('')))).toBe(true)
        } catch (error) {
          expect(error).toBeInstanceOf(NoSteps)
        }
      }),
    )
  })
})
