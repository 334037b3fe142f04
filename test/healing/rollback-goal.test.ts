import { describe, expect, test } from 'vitest'
import { decideHealing } from '#src/healing/decide-healing.ts'
import type { HealDecided } from '#src/healing/heal-sight.ts'
import { deployment, minutes, policyOf, sightOf, start } from './sight.ts'

const verdict = ({ decision }: HealDecided) => decision?.verdict
const sentence = ({ decision }: HealDecided) => decision?.sentence
const history = [deployment('b', start - minutes(5)), deployment('a', start - minutes(600), { status: 'REMOVED' })]

describe('a rollback', () => {
  const only = policyOf({ steps: 'rollback, restart' })
  test.each([
    [
      'whose trouble began long after its deployment',
      [deployment('b', start - minutes(200)), history[1]!],
      'the trouble began 3 h 20 min after',
    ],
    ['that has nowhere to go', [history[0]!], 'there is no deployment before bbbbbbb that can be brought back'],
    ['that has no image any more', [history[0]!, { ...history[1]!, canRollback: false }], 'there is no deployment before bbbbbbb'],
    ['of what was deployed after the trouble began', [deployment('c', start + 1)], 'no deployment of before the trouble is known'],
  ])('%s is left out, and said', (_, all, why) => {
    const made = decideHealing(sightOf({ policy: only, history: all }))
    expect(sentence(made)).toContain(`Rollback is left out: ${why}`)
    expect(sentence(made)).toContain('So restart comes next.')
    expect(verdict(decideHealing(sightOf({ policy: only, state: made.state, now: start + 5_000, history: all })))).toBe('restart')
  })
  test('goes past what an earlier step deployed again', () => {
    const again = [deployment('b', start + minutes(2)), { ...history[0]!, status: 'REMOVED' }, history[1]!]
    expect(decideHealing(sightOf({ policy: only, history: again })).decision?.act?.arguments).toMatchObject({ deployment: 'a' })
  })
  const goalOf = (...all: ReturnType<typeof deployment>[]) => decideHealing(sightOf({ policy: only, history: all }))
  const removed = { status: 'REMOVED' } as const
  const like = (version: string, id: string, at: number, given = {}) => deployment(id, at, { ...deployment(version, at), id, ...given })
  test('never goes to what people went back from, and a version that was brought back did not bring the trouble', () => {
    const left = [
      like('a', 'a2', start - minutes(2)),
      deployment('b', start - minutes(6), removed),
      deployment('a', start - minutes(600), removed),
      deployment('z', start - minutes(900), removed),
    ]
    expect(sentence(goalOf(...left))).toContain(
      'Rollback is left out: the trouble began 10 h after aaaaaaa was there first, before it was brought back, which is not what brought it.',
    )
    // Brought back a moment after it came: it may have been it, and what was left is still no goal.
    const [back, bad, , z] = left
    const soon = [back!, bad!, deployment('a', start - minutes(20), removed)]
    expect(sentence(goalOf(...soon))).toContain(
      'Rollback is left out: there is no deployment before aaaaaaa that can be brought back but what was left as bad, such as bbbbbbb.',
    )
    expect(goalOf(...soon, z!).decision?.act?.arguments).toMatchObject({ deployment: 'z' })
  })
  test('goes back from an old version that is deployed again after others served for days', () => {
    const all = [
      like('x', 'x2', start - minutes(2)),
      deployment('b', start - minutes(180), removed),
      deployment('a', start - minutes(60 * 28), removed),
      deployment('x', start - minutes(60 * 200), { ...removed, canRollback: false }),
    ]
    expect(goalOf(...all).decision?.act?.arguments).toMatchObject({ deployment: 'b' })
  })
  test('from a new version goes past the one that people went back from', () => {
    const all = [
      deployment('c', start - minutes(2)),
      deployment('b', start - minutes(200), removed),
      like('a', 'a2', start - minutes(300), removed),
      deployment('b', start - minutes(400), removed),
      deployment('a', start - minutes(600), removed),
    ]
    // It was tried once more, and nobody went back from it then.
    expect(goalOf(...all).decision?.act?.arguments).toMatchObject({ deployment: 'b' })
    expect(goalOf(all[0]!, ...all.slice(2)).decision?.act?.arguments).toMatchObject({ deployment: 'a2' })
    const gone = all.slice(2).map((each) => ({ ...each, canRollback: each.id === 'b' }))
    expect(sentence(goalOf(all[0]!, ...gone))).toContain('can be brought back but what was left as bad, such as bbbbbbb')
  })
  test.each(['CRASHED', 'FAILED'])('never goes to what %s when it was deployed last', (status) => {
    const all = [
      deployment('c', start - minutes(2)),
      deployment('b', start - minutes(60), { status }),
      like('b', 'b0', start - minutes(90), removed),
      deployment('a', start - minutes(600), removed),
    ]
    expect(goalOf(...all).decision?.act?.arguments).toMatchObject({ deployment: 'a' })
  })
  test('never goes to the version that serves, nor to one that was ill in this trouble', () => {
    const all = [
      like('a', 'a2', start + minutes(1)),
      deployment('b', start - minutes(5), removed),
      deployment('a', start - minutes(600), removed),
    ]
    expect(sentence(goalOf(...all))).toContain('Rollback is left out: there is no deployment before bbbbbbb')
    const again = [deployment('b', start - minutes(5)), like('b', 'b0', start - minutes(7), removed)]
    expect(sentence(goalOf(...again))).toContain('Rollback is left out: there is no deployment before bbbbbbb')
    expect(goalOf(...again, deployment('a', start - minutes(600))).decision?.act?.arguments).toMatchObject({ deployment: 'a' })
  })
  test('waits where the deployments are not known', () => {
    expect(decideHealing(sightOf({ policy: only })).decision).toBeUndefined()
  })
})
