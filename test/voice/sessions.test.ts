import { describe, expect, test } from 'vitest'
import { asks, channels, factOf, voiceStage, withServices } from '#test/doors/voice-stage.ts'

describe('Helix comes and goes', () => {
  test('only to whoever is in a voice channel, and only where somebody understands it', async () => {
    const stage = await voiceStage()
    const ada = await stage.member('100', 'Ada', 'operator')
    await expect(stage.slash(ada, 'voice.join')).rejects.toThrow('You are in no voice channel')
    const viewer = await stage.member('101', 'Vic', 'viewer')
    await expect(stage.slash(viewer, 'voice.join')).rejects.toThrow('needs the Helix role operator')
    const deaf = await voiceStage({ speaks: false })
    await expect(deaf.joined()).rejects.toThrow('does not understand speech here')
    expect(await deaf.voice.consent('1', '1365')).toBeUndefined()
  })

  test('with a notice that says what it does and how to agree', async () => {
    const stage = await voiceStage()
    const bob = await stage.member('200', 'Bob', 'viewer')
    stage.room.enter(bob, channels.bridge)
    const ada = await stage.member('100', 'Ada', 'operator')
    stage.room.enter(ada, channels.bridge)
    const notice = await stage.slash(ada, 'voice.join')
    expect(notice.sentence).toBe(
      'Ada brought Helix into Voice 1. It hears 1 member and acts on sentences that begin with “helix”. One member there is not heard: nobody is before they agree.',
    )
    expect(factOf(notice, 'What is said and done stands in')).toBe('#general')
    expect(notice.actions?.map(({ command }) => command)).toEqual(['voice.consent', 'voice.talk', 'voice.consent', 'voice.leave'])
    expect((await stage.slash(ada, 'voice.join')).sentence).toMatch(/already/)
  })

  test('into one channel at a time; one without members is given up', async () => {
    const stage = await voiceStage()
    const ada = await stage.joined()
    const bob = await stage.member('200', 'Bob', 'operator')
    stage.room.enter(bob, channels.war)
    await expect(stage.slash(bob, 'voice.join')).rejects.toThrow('Helix is in Voice 1, and can be in one voice channel at a time')
    stage.room.depart(ada)
    expect((await stage.slash(bob, 'voice.join')).sentence).toMatch(/Bob brought Helix into Voice 2/)
    await stage.until(({ sentence }) => /left Voice 1, as it was called elsewhere/.test(sentence))
  })

  test('and leaves a channel that is empty for a minute, not before', async () => {
    const stage = await voiceStage()
    const ada = await stage.joined()
    stage.room.depart(ada)
    await stage.clock.slept(60_000)
    await stage.clock.turn(30_000)
    stage.room.enter(ada, channels.bridge)
    await expect.poll(() => stage.room.heard.has(ada)).toBe(true)
    await stage.clock.turn(60_000)
    expect(stage.voice.status('1')).toBeDefined()
    stage.room.depart(ada)
    await stage.clock.slept(60_000)
    await stage.clock.turn(60_000)
    await stage.until(({ sentence }) => /nobody was in the voice channel any more/.test(sentence))
    expect(stage.voice.status('1')).toBeUndefined()
    await expect(stage.slash(ada, 'voice.leave')).rejects.toThrow('in no voice channel')
  })

  test('kicked, moved, or cut off: the channel is told once', async () => {
    for (const [reason, sentence] of [
      ['kicked', /was put out of the voice channel/],
      ['channel deleted', /the voice channel was deleted/],
      ['connection lost', /lost the connection/],
    ] as const) {
      const stage = await voiceStage()
      await stage.joined()
      stage.room.gone(reason)
      await stage.until((report) => sentence.test(report.sentence))
      expect((await stage.shown()).filter((report) => sentence.test(report.sentence))).toHaveLength(1)
      expect(await stage.store.db.selectFrom('voice_sessions').selectAll().execute()).toEqual([])
    }
    const stage = await voiceStage()
    const ada = await stage.joined()
    const bob = await stage.member('200', 'Bob', 'operator')
    await stage.slash(bob, 'voice.consent', { choice: 'in' })
    stage.room.enter(bob, channels.war)
    stage.room.move(channels.war)
    await stage.until(({ sentence }) => sentence.startsWith('Helix was moved to Voice 2. It hears 1 member'))
    expect([...stage.room.heard]).toEqual([bob])
    expect(stage.room.speak(ada, 'helix help')).toBe(false)
  })
})

describe('after a restart', () => {
  test('it comes back where somebody may be heard, and what waited is taken back', async () => {
    const stage = await withServices()
    const ada = await stage.joined()
    stage.room.speak(ada, 'helix deploy voice processor')
    await stage.until(asks)
    await stage.restart()
    await stage.until(({ sentence }) => /restarted before this was confirmed, so nothing was done/.test(sentence))
    await stage.until(({ sentence }) => /was restarted and is back in Voice 1/.test(sentence))
    expect(stage.room.speak(ada, 'confirm')).toBe(true)
    await stage.dealtWith(ada)
    expect(stage.queued).toEqual([])
  })

  test('it says so where nobody is there any more', async () => {
    const stage = await voiceStage()
    const ada = await stage.joined()
    stage.room.states().delete(ada)
    await stage.restart()
    await stage.until(({ sentence }) => /was restarted and left Voice 1, as nobody is there who may be heard/.test(sentence))
    expect(stage.voice.status('1')).toBeUndefined()
  })
})

describe('consent', () => {
  test('is asked of each, remembered, and withdrawn at once with all that was kept', async () => {
    const stage = await withServices()
    const ada = await stage.joined()
    const bob = await stage.member('200', 'Bob', 'viewer')
    stage.room.enter(bob, channels.bridge)
    expect(stage.room.speak(bob, 'helix help')).toBe(false)
    expect((await stage.slash(bob, 'voice.consent')).sentence).toMatch(/not agreed/)
    expect((await stage.slash(bob, 'voice.consent', { choice: 'in' })).sentence).toBe('Helix hears you from now on.')
    stage.room.speak(bob, 'helix help deploy')
    const shown = await stage.until(({ title }) => title === '/deploy')
    expect(factOf(shown, 'Heard')).toContain('helix help deploy')

    stage.room.depart(bob)
    stage.room.enter(bob, channels.bridge)
    await expect.poll(() => stage.room.heard.has(bob)).toBe(true)

    expect((await stage.slash(bob, 'voice.consent', { choice: 'out' })).sentence).toMatch(/forgot 1 transcript of yours/)
    expect(stage.room.heard.has(bob)).toBe(false)
    expect(stage.room.heard.has(ada)).toBe(true)
    const after = (await stage.shown()).find(({ subject }) => subject === shown.subject)!
    expect(factOf(after, 'Heard')).toBe('not kept any more')
    expect(await stage.store.db.selectFrom('voice_transcripts').selectAll().execute()).toEqual([])
    stage.room.depart(bob)
    stage.room.enter(bob, channels.bridge)
    await expect
      .poll(async () => (await stage.slash(bob, 'voice.status')).sentence)
      .toMatch(/hears 1 of 2 members there\. You have not agreed/)
  })

  test('is not enough for whoever has no Helix role: they are not heard', async () => {
    const stage = await voiceStage()
    const ada = await stage.joined()
    stage.members.set(ada, { id: ada, name: 'Ada', standing: { roles: [], administrator: false } })
    stage.room.depart(ada)
    stage.room.enter(ada, channels.bridge)
    await expect.poll(() => stage.voice.status('1')?.members).toBe(1)
    expect(stage.room.speak(ada, 'helix help')).toBe(false)
  })

  test('what a command brings to its end later does not bring the words back', async () => {
    const stage = await withServices()
    const ada = await stage.joined()
    stage.room.speak(ada, 'helix restart voice processor')
    await stage.until(asks)
    stage.room.speak(ada, 'confirm')
    const begun = await stage.until(({ sentence }) => sentence.startsWith('Begun'))
    await stage.slash(ada, 'voice.consent', { choice: 'out' })
    await stage.voice.settled(stage.queued[0]!)
    const after = await stage.until(({ title, sentence }) => title === begun.title && !sentence.startsWith('Begun'))
    expect(JSON.stringify(after)).not.toContain('helix restart')
  })
})

describe('settings', () => {
  test('change what Helix listens to at once', async () => {
    const stage = await withServices()
    const ada = await stage.joined('Ada', 'admin')
    expect((await stage.slash(ada, 'voice.settings')).facts?.[0]).toEqual({ label: 'Wake words', value: 'helix' })
    await stage.slash(ada, 'voice.settings', { 'wake-words': 'manus, collective', 'keep-days': 0 })
    stage.room.speak(ada, 'helix help')
    stage.room.speak(ada, 'collective help')
    const answer = await stage.until(({ title }) => title === 'Helix')
    expect(factOf(answer, 'Heard')).toContain('collective help')
  })
  test.each([
    ['wake-words', 'a', 'Wake words are'],
    ['wake-words', 'one two three four five six', 'Wake words are'],
    ['language', 'english', 'is not a language'],
    ['voice', 'x', 'is not the name of a voice'],
    ['channel', 'general', 'Name a text channel'],
    ['channel', '<#300000000000000001>', 'no such text channel'],
  ])('refuse %s %s', async (option, value, why) => {
    const stage = await voiceStage()
    const ada = await stage.member('100', 'Ada', 'admin')
    await expect(stage.slash(ada, 'voice.settings', { [option]: value })).rejects.toThrow(why)
  })
})

test('transcripts are forgotten by the guild’s policy, with the copies of their messages', async () => {
  const stage = await withServices()
  const ada = await stage.joined('Ada', 'admin')
  stage.room.speak(ada, 'helix help deploy')
  await stage.until(({ title }) => title === '/deploy')
  await stage.voice.prune()
  expect(await stage.store.db.selectFrom('voice_transcripts').selectAll().execute()).toHaveLength(1)
  await stage.clock.turn(7 * 86_400_000 + 1)
  await stage.voice.prune()
  expect(await stage.store.db.selectFrom('voice_transcripts').selectAll().execute()).toEqual([])
  expect(JSON.stringify(await stage.store.db.selectFrom('living').selectAll().execute())).not.toContain('helix help deploy')
})

test('the doctor tells what there is to tell', async () => {
  const stage = await withServices()
  const ada = await stage.joined()
  stage.room.speak(ada, 'helix help')
  await stage.until(({ title }) => title === 'Helix')
  const report = await stage.slash(ada, 'voice.doctor')
  expect(report.sentence).toBe('Voice is well.')
  expect(factOf(report, 'End-to-end encryption')).toBe('DAVE version 1')
  expect(factOf(report, 'Encryption to Discord')).toBe('AES-256-GCM')
  expect(factOf(report, 'From the last sound to the words')).toMatch(/1 utterance/)
})
