import { describe, expect, test, vi } from 'vitest'
import { UpstreamError } from '#src/kernel/errors.ts'
import { place, policyStage, restarts } from './stage.ts'

const at = (seconds: number) => new Date(Date.parse('2026-11-21T12:00:00Z') + seconds * 1_000)
const away = () =>
  new UpstreamError('Railway could not be reached.', { provider: 'Railway', operation: 'x', retryable: true, outcome: 'refused' })

describe('a round', () => {
  test('lets each policy decide once from a reading, however many processes make it, and acts once', async () => {
    const stage = await policyStage()
    await stage.set()
    const decide = vi.fn(() => restarts(stage.api.id))
    const processes = Array.from({ length: 4 }, () => stage.process())
    await Promise.all(processes.map((each) => each.make(place, at(0), decide)))
    expect(decide).toHaveBeenCalledTimes(1)
    expect(await stage.operationsMade()).toHaveLength(1)
    // One that is older decides nothing.
    await stage.process().make(place, at(-5), decide)
    expect(decide).toHaveBeenCalledTimes(1)
  })

  test('keeps state and decision together; what failed is decided anew from the same reading', async () => {
    const stage = await policyStage()
    const policy = await stage.set()
    const rounds = stage.process()
    await expect(
      rounds.make(place, at(0), () => {
        throw new Error('broken')
      }),
    ).rejects.toThrow('1 of 1 policies could not decide')
    const state = { trouble: { phase: 'firing', since: 5 } } as const
    await rounds.make(place, at(0), ({ state: before, readAt, past }) => {
      expect([before, readAt, past]).toEqual([undefined, undefined, []])
      return { ...restarts(stage.api.id), state }
    })
    expect(await rounds.state(policy)).toEqual(state)
    await rounds.make(place, at(5), ({ state: before, readAt, past }) => {
      expect(before).toEqual(state)
      expect(readAt).toEqual(at(0))
      expect(past).toMatchObject([{ verdict: 'restart', mode: 'act', answer: { status: 'started' }, outcome: 'queued' }])
      return undefined
    })
  })

  test('one policy that cannot decide keeps no other from it', async () => {
    const stage = await policyStage()
    await stage.set('a-first')
    await stage.set('b-second')
    const decided: string[] = []
    const round = stage.process().make(place, at(0), ({ policy }) => {
      if (policy.name === 'a-first') throw new Error('broken')
      decided.push(policy.name)
      return { state: {} }
    })
    await expect(round).rejects.toThrow('1 of 2')
    expect(decided).toEqual(['b-second'])
  })

  test('what is simulated or off asks for nothing', async () => {
    const stage = await policyStage()
    await stage.set('simulated', {}, 'simulate')
    await stage.set('off', {}, 'off')
    await stage.process().make(place, at(0), () => restarts(stage.api.id))
    expect(stage.ask).not.toHaveBeenCalled()
    expect((await stage.decisions()).map(({ name, mode, answer }) => [name, mode, answer])).toEqual([['simulated', 'simulate', null]])
  })

  test('another version begins anew, and knows what the one before did', async () => {
    const stage = await policyStage()
    await stage.set()
    const rounds = stage.process()
    await rounds.make(place, at(0), () => ({ ...restarts(stage.api.id), state: { busyAt: 1 } }))
    await stage.set('api-sick', { steps: 'restart x3' })
    await rounds.make(place, at(5), ({ state, past }) => {
      expect(state).toBeUndefined()
      expect(past).toHaveLength(1)
      return undefined
    })
  })

  test('knows all acts of the last hour, whatever was decided since', async () => {
    const stage = await policyStage()
    await stage.set()
    const rounds = stage.process({ ask: async () => ({ status: 'done', sentence: 'x' }) })
    await rounds.make(place, at(0), () => restarts(stage.api.id))
    const [row] = await stage.decisions()
    const many = Array.from({ length: 150 }, (_, index) => ({
      ...row!,
      ...{ id: crypto.randomUUID(), at: at(10 + index), act: null, answer: null, facts: '[]', operation: null },
    }))
    await stage.store.db.insertInto('policy_decisions').values(many).execute()
    await rounds.make(place, at(600), ({ past }) => {
      expect(past).toHaveLength(101)
      expect(past.filter(({ act }) => act)).toHaveLength(1)
      return undefined
    })
  })
})

describe('a process that ends', () => {
  const gone = () => Promise.reject(new Error('the process is killed'))
  test('between the decision and the call: another makes the call, once', async () => {
    const stage = await policyStage()
    await stage.set()
    await expect(stage.process({ ask: gone }).make(place, at(0), () => restarts(stage.api.id))).rejects.toThrow()
    expect(await stage.operationsMade()).toEqual([])
    await Promise.all([1, 2, 3].map(() => stage.process().make(place, at(5), () => undefined)))
    expect(await stage.operationsMade()).toHaveLength(1)
    await stage.process().make(place, at(10), () => undefined)
    expect((await stage.decisions()).map(({ answer }) => answer?.status)).toEqual(['started'])
    expect(await stage.operationsMade()).toHaveLength(1)
  })

  test('after the call, before its answer was written: another finds out what came of it, and does nothing', async () => {
    const stage = await policyStage()
    await stage.set()
    const asksAndEnds = (call: Parameters<typeof stage.ask>[0]) => stage.ask(call).then(gone)
    await expect(stage.process({ ask: asksAndEnds }).make(place, at(0), () => restarts(stage.api.id))).rejects.toThrow()
    await stage.process().make(place, at(5), () => undefined)
    const [operation, ...others] = await stage.operationsMade()
    expect(others).toEqual([])
    expect((await stage.decisions())[0]!.answer).toMatchObject({ status: 'started', operation: operation!.id })
  })

  test('for so long that what it decided is not wanted any more: it is not done, unless it was', async () => {
    const stage = await policyStage()
    await stage.set()
    await expect(stage.process({ ask: gone }).make(place, at(0), () => restarts(stage.api.id))).rejects.toThrow()
    await stage.clock.turn(121_000)
    await stage.process().make(place, at(121), () => undefined)
    expect((await stage.decisions())[0]!.answer).toEqual({
      status: 'refused',
      sentence: 'It could not be begun for two minutes, and is not wanted any more.',
      forNow: true,
    })
    expect(stage.ask).not.toHaveBeenCalled()
  })

  test('and a policy that is set anew or removed meanwhile: what the version before decided is not done', async () => {
    const stage = await policyStage()
    await stage.set()
    await stage.set('other')
    await expect(stage.process({ ask: gone }).make(place, at(0), () => restarts(stage.api.id))).rejects.toThrow()
    await stage.set('api-sick', { steps: 'restart x2' })
    await stage.policies.remove(stage.call(), 'other')
    await stage.process().make(place, at(5), () => undefined)
    expect((await stage.decisions()).map(({ answer }) => answer?.sentence).sort()).toEqual([
      'The policy was removed before this was begun.',
      'The policy was set anew before this was begun.',
    ])
    expect(await stage.operationsMade()).toEqual([])
  })
})

test('while Railway is away an act is asked for again and again, and done once when it is back', async () => {
  const stage = await policyStage()
  await stage.set()
  stage.railway.before = async () => {
    throw away()
  }
  const rounds = stage.process()
  await rounds.make(place, at(0), () => restarts(stage.api.id))
  expect((await stage.decisions())[0]!.answer).toBeNull()
  await rounds.make(place, at(5), ({ past }) => {
    expect(past[0]!.answer).toBeUndefined()
    return undefined
  })
  stage.railway.before = async () => {}
  await rounds.make(place, at(10), () => undefined)
  expect((await stage.decisions())[0]!.answer?.status).toBe('started')
  expect(await stage.operationsMade()).toHaveLength(1)
})
