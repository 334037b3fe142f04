import { describe, expect, test } from 'vitest'
import { asks, channels, factOf, withServices } from './voice-stage.ts'

describe('a change that is said', () => {
  test('is read back, waits for the same speaker’s “confirm”, and is begun once, with its own message', async () => {
    const stage = await withServices()
    const ada = await stage.joined()
    stage.room.speak(ada, 'helix deploy the voice processor')
    const asked = await stage.until(asks)
    expect(asked.sentence).toMatch(/^Deploy voice-processor to staging.*Ada says “confirm” or presses the button \(within 20 s\)/s)
    expect(factOf(asked, 'Heard')).toContain('helix deploy the voice processor')
    expect(factOf(asked, 'Understood')).toBe('/deploy service: voice-processor')
    expect(asked.actions?.map(({ label }) => label)).toEqual(['Confirm', 'Cancel'])
    expect(stage.queued).toEqual([])
    await expect.poll(() => stage.room.played).toContain('Deploy voice processor to staging? Say confirm, or press the button.')

    stage.room.speak(ada, 'confirm')
    const begun = await stage.until(({ sentence }) => sentence.startsWith('Begun'))
    expect(begun.subject).toBe(asked.subject)
    expect(begun.actions ?? []).toEqual([])
    expect(stage.queued).toHaveLength(1)
    await stage.until(({ operation }) => operation === stage.queued[0])

    const audit = await stage.audit()
    expect(audit.filter(({ door }) => door === 'voice').map(({ event, command }) => [event, command])).toEqual([
      ['received', 'deploy'],
      ['answered', 'deploy'],
      ['received', 'deploy'],
      ['started', 'deploy'],
      ['answered', 'deploy'],
    ])
    const [row] = await stage.store.db.selectFrom('voice_transcripts').selectAll().execute()
    expect(row).toMatchObject({ id: asked.subject, user_id: ada, text: 'helix deploy the voice processor\nconfirm', command: 'deploy' })
    expect(audit.find(({ event }) => event === 'started')!.call).toBe(`voice:${row!.id}:2`)

    stage.room.speak(ada, 'helix confirm')
    await stage.until(({ sentence }) => sentence.startsWith('Nothing of yours waits'))
    expect(stage.queued).toHaveLength(1)
  })

  test('is said to be over by the voice that asked for it', async () => {
    const stage = await withServices()
    const ada = await stage.joined()
    stage.room.speak(ada, 'helix restart voice processor')
    await stage.until(asks)
    stage.room.speak(ada, 'confirm')
    await stage.until(({ sentence }) => sentence.startsWith('Begun'))
    const id = stage.queued[0]!
    const done = {
      title: 'Restart voice-processor in staging',
      tone: 'good',
      sentence: 'voice-processor is restarted.',
      operation: id,
    } as const
    await stage.store.db
      .transaction()
      .execute((tx) => stage.delivery.revise(tx, id, done, { guild: '1', project: 'project', environment: 'environment' }))
    await stage.voice.settled(id)
    await expect.poll(() => stage.room.played).toContain('voice processor is restarted.')
    await stage.until(({ sentence, facts }) => sentence === 'voice-processor is restarted.' && facts?.[0]?.label === 'Heard')
  })

  test('is not confirmed by anybody else, who is told so', async () => {
    const stage = await withServices()
    const ada = await stage.joined()
    const bob = await stage.member('200', 'Bob', 'admin')
    stage.room.enter(bob, channels.bridge)
    await stage.slash(bob, 'voice.consent', { choice: 'in' })
    stage.room.speak(ada, 'helix deploy voice processor')
    const asked = await stage.until(asks)
    stage.room.speak(bob, 'confirm')
    const told = await stage.until((report) => factOf(report, 'And') !== undefined)
    expect(factOf(told, 'And')).toMatch(/^Bob said “confirm”, but only Ada can/)
    expect(told.actions?.map(({ label }) => label)).toEqual(['Confirm', 'Cancel'])
    await expect.poll(() => stage.room.played).toContain('Only Ada can confirm that.')
    expect((await stage.press(bob, asked, 'Confirm')).where).toBe('whisper')
    expect(stage.queued).toEqual([])
    stage.room.speak(ada, 'confirm')
    await stage.until(({ sentence }) => sentence.startsWith('Begun'))
    expect(stage.queued).toHaveLength(1)
  })

  test('is confirmed by the speaker’s press as well, and then not by a word', async () => {
    const stage = await withServices()
    const ada = await stage.joined()
    stage.room.speak(ada, 'helix deploy voice processor')
    const asked = await stage.until(asks)
    const seen = await stage.press(ada, asked, 'Confirm')
    expect(seen).toMatchObject({ where: 'answer', content: expect.stringContaining('Begun') })
    stage.room.speak(ada, 'confirm')
    await stage.dealtWith(ada)
    await stage.until(({ operation }) => operation === stage.queued[0])
    expect(stage.queued).toHaveLength(1)
    expect((await stage.audit()).some(({ door, event }) => door === 'button' && event === 'started')).toBe(true)
  })

  test('is begun by a press in time, however long it takes to work out', async () => {
    const stage = await withServices()
    const ada = await stage.joined()
    stage.room.speak(ada, 'helix deploy voice processor')
    const asked = await stage.until(asks)
    await stage.clock.slept(20_000)
    const [planning, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    stage.railway.before = async (method) => {
      if (method !== 'environment') return
      planning.resolve()
      await answered.promise
    }
    const pressed = stage.press(ada, asked, 'Confirm')
    await planning.promise
    await stage.clock.turn(20_000)
    answered.resolve()
    expect(await pressed).toMatchObject({ where: 'answer', content: expect.stringContaining('Begun') })
    await stage.until(({ operation }) => operation === stage.queued[0])
    expect(stage.queued).toHaveLength(1)
  })

  test.each([
    ['cancel', /Ada cancelled/],
    ["no don't", /Ada cancelled/],
    ['helix status', /said something else/],
    ["helix don't deploy anything", /Ada cancelled/],
    ['wait, not in production', /Ada cancelled. Nothing was changed/],
    ['actually rather not', /Ada cancelled/],
    ['helix what is that', /said something else/],
  ])('is dropped by “%s”', async (words, sentence) => {
    const stage = await withServices()
    const ada = await stage.joined()
    stage.room.speak(ada, 'helix deploy voice processor')
    const asked = await stage.until(asks)
    stage.room.speak(ada, words)
    const dropped = await stage.until((report) => sentence.test(report.sentence))
    expect(dropped.subject).toBe(asked.subject)
    expect(dropped.actions?.map(({ label }) => label)).toEqual(['Ask again'])
    expect(await stage.press(ada, asked, 'Confirm')).toMatchObject({ where: 'whisper', content: expect.stringMatching(/answered already/) })
    stage.room.speak(ada, 'confirm')
    await stage.dealtWith(ada)
    expect(stage.queued).toEqual([])
  })

  test('is dropped by silence after 20 s, and a press then comes too late', async () => {
    const stage = await withServices()
    const ada = await stage.joined()
    stage.room.speak(ada, 'helix deploy voice processor')
    const asked = await stage.until(asks)
    await stage.clock.slept(20_000)
    await stage.clock.turn(20_000)
    await stage.until(({ sentence }) => sentence === 'Ada did not confirm within 20 s, so nothing was done.')
    expect(stage.voice.status('1')?.waiting).toBe(0)
    stage.room.speak(ada, 'confirm')
    await expect(stage.press(ada, asked, 'Confirm')).resolves.toMatchObject({ content: expect.stringMatching(/expired/) })
    expect(stage.queued).toEqual([])
  })

  test('a “confirm” that was begun in time counts, however late its words come', async () => {
    const stage = await withServices()
    const ada = await stage.joined()
    stage.room.speak(ada, 'helix deploy voice processor')
    await stage.until(asks)
    const startedAt = new Date(stage.clock.now().getTime() + 19_000)
    stage.room.speak(ada, 'confirm', { startedAt })
    await stage.clock.turn(20_000)
    await stage.until(({ sentence }) => sentence.startsWith('Begun'))
    expect(stage.queued).toHaveLength(1)
  })

  test('a “confirm” from before the question is none', async () => {
    const stage = await withServices()
    const ada = await stage.joined()
    const before = stage.clock.now()
    await stage.clock.turn(5_000)
    stage.room.speak(ada, 'helix deploy voice processor')
    await stage.until(asks)
    stage.room.speak(ada, 'helix confirm', { startedAt: before })
    await stage.until((report) => /does not count/.test(factOf(report, 'And') ?? ''))
    expect(stage.queued).toEqual([])
  })

  test('is corrected in the same exchange, and only what was said last is done', async () => {
    const stage = await withServices()
    const ada = await stage.joined()
    stage.room.speak(ada, 'helix deploy voice processor')
    const asked = await stage.until(asks)
    stage.room.speak(ada, 'no, the websocket streaming')
    const again = await stage.until((report) => asks(report) && report.sentence.startsWith('Deploy websocket-streaming'))
    expect(again.subject).toBe(asked.subject)
    expect(factOf(again, 'Heard')).toMatch(/voice processor”\n“no, the websocket streaming/)
    expect((await stage.press(ada, asked, 'Confirm')).where).toBe('whisper')
    expect(stage.queued).toEqual([])
    stage.room.speak(ada, 'confirm')
    await stage.until(({ sentence }) => sentence === 'Begun: Deploy websocket-streaming to staging.')
    expect(stage.queued).toHaveLength(1)
  })

  test('in production needs the button: a word is answered that it does', async () => {
    const stage = await withServices()
    stage.trouble.production = true
    const ada = await stage.joined()
    stage.room.speak(ada, 'helix restart voice processor')
    const asked = await stage.until(asks)
    expect(asked.sentence).toMatch(/presses the button \(within 60 s\)/)
    await expect.poll(() => stage.room.played).toContain('Restart voice processor in staging? Please press the button to confirm.')
    stage.room.speak(ada, 'confirm')
    await stage.until((report) => /press the button/.test(factOf(report, 'And') ?? ''))
    expect(stage.queued).toEqual([])
    await stage.press(ada, asked, 'Confirm')
    expect(stage.queued).toHaveLength(1)
  })

  test('in production is corrected and cancelled without the wake word for as long as it waits', async () => {
    const stage = await withServices()
    stage.trouble.production = true
    const ada = await stage.joined()
    stage.room.speak(ada, 'helix restart voice processor')
    await stage.until(asks)
    await stage.clock.turn(26_000)
    stage.room.speak(ada, 'no, the websocket streaming')
    await stage.until((report) => asks(report) && report.sentence.startsWith('Restart websocket-streaming'))
    await stage.clock.turn(50_000)
    stage.room.speak(ada, 'cancel')
    await stage.until(({ sentence }) => sentence.startsWith('Ada cancelled.'))
    expect(stage.queued).toEqual([])
  })

  test('waits for nobody who left, withdrew, or whose channel Helix left', async () => {
    for (const [end, sentence] of [
      ['depart', /left the channel/],
      ['out', /withdrew the consent/],
      ['leave', /cannot be heard any more/],
      ['kicked', /cannot be heard any more/],
    ] as const) {
      const stage = await withServices()
      const ada = await stage.joined()
      stage.room.speak(ada, 'helix deploy voice processor')
      await stage.until(asks)
      if (end === 'depart') stage.room.depart(ada)
      if (end === 'out') await stage.slash(ada, 'voice.consent', { choice: 'out' })
      if (end === 'leave') await stage.slash(ada, 'voice.leave')
      if (end === 'kicked') stage.room.gone('kicked')
      await stage.until((report) => sentence.test(report.sentence))
      expect(stage.room.speak(ada, 'confirm')).toBe(false)
      expect(stage.queued).toEqual([])
    }
  })

  test('is refused to whoever lacks the role, by the roles of that moment', async () => {
    const stage = await withServices()
    const ada = await stage.joined('Ada', 'operator')
    stage.room.speak(ada, 'helix deploy voice processor')
    await stage.until(({ sentence }) => /needs the Helix role deployer/.test(sentence))
    stage.room.speak(ada, 'helix restart voice processor')
    await stage.until(asks)
    stage.members.set(ada, { id: ada, name: 'Ada', standing: { roles: [], administrator: false } })
    stage.room.speak(ada, 'confirm')
    await stage.until(({ sentence }) => /no Helix role/.test(sentence))
    expect(stage.queued).toEqual([])
  })
})
