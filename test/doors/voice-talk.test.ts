import { describe, expect, test } from 'vitest'
import { UpstreamError } from '#src/kernel/errors.ts'
import { asks, factOf, withServices } from './voice-stage.ts'

const refused = (reason = 'Google Speech did not answer.') =>
  new UpstreamError(reason, {
    ...{ provider: 'Google Speech', operation: 'StreamingRecognize' },
    ...{ retryable: false, outcome: 'refused' },
  })

describe('what is no change', () => {
  test('is answered at once, in text and speech', async () => {
    const stage = await withServices()
    const ada = await stage.joined()
    stage.room.speak(ada, 'helix help')
    const answer = await stage.until(({ title }) => title === 'Helix')
    expect(factOf(answer, 'Understood')).toBe('/help')
    await expect.poll(() => stage.room.played.join()).toMatch(/Helix knows \d+ commands/)
  })

  test('and what is not said to Helix leaves no trace', async () => {
    const stage = await withServices()
    const ada = await stage.joined()
    for (const words of ['shall we have lunch', 'deploy the voice processor', 'felix deploy that', 'confirm', ''])
      stage.room.speak(ada, words)
    stage.room.speak(ada, 'helix help')
    await stage.until(({ title }) => title === 'Helix')
    expect(await stage.store.db.selectFrom('voice_transcripts').selectAll().execute()).toHaveLength(1)
    expect(JSON.stringify(await stage.shown())).not.toMatch(/lunch|felix/)
    expect(JSON.stringify(stage.log.lines)).not.toMatch(/lunch/)
    expect(stage.queued).toEqual([])
  })

  test('an unclear sentence is asked about with choices, and the answer completes it', async () => {
    const stage = await withServices()
    const ada = await stage.joined()
    stage.room.speak(ada, 'helix restart')
    const asked = await stage.until(({ title }) => title === 'Which one?')
    expect(asked.actions?.map(({ label }) => label)).toEqual(expect.arrayContaining([expect.stringContaining('voice-processor')]))
    expect(stage.queued).toEqual([])
    stage.room.speak(ada, 'the voice processor')
    const question = await stage.until(asks)
    expect(question.subject).toBe(asked.subject)
    expect(question.sentence).toMatch(/^Restart voice-processor/)
  })

  test('its name alone makes Helix listen, and so does the button', async () => {
    const stage = await withServices()
    const ada = await stage.joined()
    stage.room.speak(ada, 'helix')
    const yes = await stage.until(({ sentence }) => sentence === 'Yes?')
    stage.room.speak(ada, 'restart voice processor')
    expect((await stage.until(asks)).subject).toBe(yes.subject)
    stage.room.speak(ada, 'cancel')
    await stage.until(({ sentence }) => sentence.includes('cancelled'))
    stage.room.speak(ada, 'restart voice processor')
    await stage.clock.turn(1_000)
    await stage.slash(ada, 'voice.talk')
    stage.room.speak(ada, 'restart websocket streaming')
    await stage.until((report) => asks(report) && report.sentence.includes('websocket-streaming'))
  })

  test('a secret is masked everywhere, and nothing is done', async () => {
    const stage = await withServices()
    const ada = await stage.joined()
    stage.room.speak(ada, 'helix the password is hunter two')
    await stage.until(({ sentence }) => /held a secret/.test(sentence))
    expect(
      JSON.stringify([
        await stage.shown(),
        await stage.audit(),
        await stage.store.db.selectFrom('voice_transcripts').selectAll().execute(),
      ]),
    ).not.toMatch(/hunter/)
  })
})

describe('when it goes wrong', () => {
  test('a recogniser that fails is told once, and again only after it worked and some minutes', async () => {
    const stage = await withServices()
    const ada = await stage.joined()
    stage.trouble.recogniser = refused()
    for (let times = 0; times < 3; times++) stage.room.speak(ada, 'helix deploy voice processor')
    await expect.poll(() => stage.log.lines.filter(({ message }) => message === 'an utterance could not be recognised')).toHaveLength(3)
    await stage.until(({ sentence }) => sentence.startsWith('Helix cannot understand speech right now'))
    const told = async () => (await stage.shown()).filter(({ sentence }) => sentence.startsWith('Helix cannot understand')).length
    expect(await told()).toBe(1)
    stage.trouble.recogniser = undefined as never
    stage.room.speak(ada, 'helix help')
    await stage.until(({ title }) => title === 'Helix')
    stage.trouble.recogniser = refused()
    await stage.clock.turn(300_000)
    stage.room.speak(ada, 'helix help')
    await expect.poll(told).toBe(2)
    expect(stage.queued).toEqual([])
  })

  test('a recogniser that fails otherwise than before is told of at once', async () => {
    const stage = await withServices()
    const ada = await stage.joined()
    for (const reason of ['Quota exceeded.', 'Permission denied.']) {
      stage.trouble.recogniser = refused(reason)
      stage.room.speak(ada, 'helix deploy voice processor')
      await stage.until(({ sentence }) => sentence.startsWith('Helix cannot understand speech') && sentence.includes(reason))
    }
    expect(stage.queued).toEqual([])
  })

  test('what was shown while it was said, and could not be understood, is not taken for a sentence to somebody else', async () => {
    const stage = await withServices()
    const ada = await stage.joined()
    stage.trouble.recogniser = refused()
    stage.room.speak(ada, 'helix deploy voice processor')
    await stage.until(
      ({ sentence }) => sentence === 'Helix could not understand what was said here, so nothing was done. Say it again, or type it.',
    )
    expect(stage.queued).toEqual([])
  })

  test('a voice that fails leaves the text, and is told once', async () => {
    const stage = await withServices()
    stage.trouble.synthesis = refused()
    const ada = await stage.joined()
    stage.room.speak(ada, 'helix help')
    stage.room.speak(ada, 'helix help deploy')
    await stage.until(({ sentence }) => sentence.startsWith('Helix cannot speak right now'))
    await stage.until(({ title }) => title === 'Helix')
    expect((await stage.shown()).filter(({ sentence }) => sentence.startsWith('Helix cannot speak'))).toHaveLength(1)
  })

  test('a budget that is used up is one message, and nothing is done', async () => {
    const stage = await withServices({ secondsPerDay: 0 })
    const ada = await stage.joined()
    stage.room.speak(ada, 'helix deploy voice processor')
    await stage.until(({ sentence }) => sentence.startsWith('Helix has heard as much speech'))
    stage.room.speak(ada, 'helix deploy voice processor')
    // Whoever withdraws is forgotten when all that they said was dealt with.
    await stage.slash(ada, 'voice.consent', { choice: 'out' })
    expect((await stage.shown()).filter(({ sentence }) => sentence.startsWith('Helix has heard'))).toHaveLength(1)
    expect(stage.queued).toEqual([])
  })

  test('a monologue is cut and is no order', async () => {
    const stage = await withServices()
    const ada = await stage.joined()
    stage.room.speak(ada, 'helix deploy voice processor', { end: 'too long' })
    await stage.until(({ sentence }) => sentence.startsWith('That was too long'))
    stage.room.speak(ada, 'helix deploy voice processor', { end: 'dropped' })
    await stage.dealtWith(ada)
    expect((await stage.shown()).some(asks)).toBe(false)
  })

  test('a long sentence is shown by its end, with its speaker', async () => {
    const stage = await withServices()
    const ada = await stage.joined()
    stage.room.speak(ada, `helix ${'hello world '.repeat(150)}`, { end: 'too long' })
    const shown = await stage.until(({ sentence }) => sentence.startsWith('That was too long'))
    expect(factOf(shown, 'Heard')).toMatch(/^Ada: … (hello|world) .*world ?”$/)
    expect(factOf(shown, 'Heard')!.length).toBeLessThanOrEqual(1_024)
  })

  test('a Railway that refuses the plan is told, and what follows is heard', async () => {
    const stage = await withServices()
    const ada = await stage.joined()
    stage.railway.before = async () => {
      throw refused()
    }
    stage.room.speak(ada, 'helix deploy voice processor')
    await stage.until(({ title }) => title === 'Google Speech refused')
    stage.railway.before = async () => {}
    stage.room.speak(ada, 'helix help')
    await stage.until(({ title }) => title === 'Helix')
  })
})
