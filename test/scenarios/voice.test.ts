import { chmod, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DiscordUser } from '../support/discord-user.ts'
import type { LiveMessage } from '../support/live-message.ts'
import { pathWithout } from '../support/path-without.ts'
import { type RunningPlayground, startPlayground } from '../support/playground.ts'
import { heardAloud, type VoiceMember, voiceMember } from '../support/voice-member.ts'
import { type SoundWatch, watchForSound } from '../support/watch-for-sound.ts'

const DEADLINE = 60_000
const CHANNEL = 'Bridge'
const clip = new URL('../../services/voice-processor/test-clip.ogg', import.meta.url)
let folder: string
let sound: SoundWatch
let playground: RunningPlayground
let deployer: DiscordUser
let operator: DiscordUser
let ada: VoiceMember
let bob: VoiceMember

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'helix-voice-'))
  await chmod(folder, 0o755)
  // Where an offline recogniser is installed, it mishears now and then: what is said shall be the same on every machine.
  const PATH = await pathWithout(['pocketsphinx_continuous', 'espeak-ng'], join(folder, 'bin'))
  const TMPDIR = join(folder, 'tmp')
  await mkdir(TMPDIR)
  await chmod(TMPDIR, 0o1777)
  sound = await watchForSound(folder, await readFile(clip))
  playground = await startPlayground({ data: join(folder, 'data'), env: { PATH, TMPDIR } })
  ;[deployer, operator] = await Promise.all([playground.user('deployer'), playground.user('operator')])
  ada = voiceMember(playground.url, 'deployer', CHANNEL)
  bob = voiceMember(playground.url, 'operator', CHANNEL)
}, 90_000)
afterAll(async () => {
  sound?.close()
  await playground?.stop()
  await rm(folder, { recursive: true, force: true })
})

/** The exchange in which these words were heard. */
const exchange = (words: string, also: (message: LiveMessage) => boolean = () => true) =>
  deployer.message((message) => message.text.includes(words) && also(message), 20_000)

async function deploymentsOf(name: string, environment: string): Promise<number> {
  const { services } = await playground.state()
  const { deployments } = services.find((each: { name: string }) => each.name === name)
  return deployments.filter((each: { environment: string }) => each.environment === environment).length
}

describe('voice in a channel', { timeout: 2 * DEADLINE }, () => {
  test('Helix comes only to whoever is in a voice channel, with a notice of what it does', async () => {
    expect((await deployer.slash('voice join')).text).toMatch(/in no voice channel/)
    deployer.voice(CHANNEL)
    operator.voice(CHANNEL)
    const notice = await deployer.slash('voice join', {}, { deadlineMs: 20_000 })
    expect(notice.text).toMatch(/It hears 1 member and acts on sentences that begin with “helix”.*nobody is before they agree/s)
    expect(notice.buttons).toEqual(['Helix may hear me', 'Talk to Helix', 'Not any more', 'Leave'])
  })

  test('nobody is heard before they agree, and then at once', async () => {
    await bob.say('helix what is the status')
    await ada.say('helix help')
    await exchange('helix help', ({ text }) => /Helix knows/.test(text))
    const { speech } = await playground.state()
    expect(speech.heard.map(({ text }: { text: string }) => text)).not.toContain('helix what is the status')
    const notice = await operator.message(({ buttons }) => buttons.includes('Helix may hear me'))
    expect((await operator.press(notice, 'Helix may hear me')).text).toMatch(/Helix hears you from now on/)
    await bob.say('helix help deploy')
    await exchange('helix help deploy', ({ text }) => text.includes('/deploy'))
  })

  test('a question is answered in speech and in text', async () => {
    const since = new Date()
    await ada.say('helix what is the status')
    await exchange('helix what is the status', ({ text }) => /production/.test(text))
    expect((await heardAloud(playground.url, /production/, since)).durationMs).toBeGreaterThan(300)
  })

  test('a deploy to staging is read back, is nobody else’s to confirm, and goes on the speaker’s word', async () => {
    const before = await deploymentsOf('voice-processor', 'staging')
    const since = new Date()
    await ada.say('helix deploy the voice processor to staging')
    const asked = await exchange('helix deploy the voice processor to staging', ({ buttons }) => buttons.includes('Confirm'))
    expect(asked.text).toMatch(/Deploy voice-processor to staging/)
    await heardAloud(playground.url, /^Deploy voice processor to staging\? Say confirm/, since)
    await bob.say('confirm')
    await asked.until(({ text }) => /said “confirm”, but only .* can/.test(text))
    expect(await deploymentsOf('voice-processor', 'staging')).toBe(before)
    await ada.say('confirm')
    await asked.until(({ text }) => /Begun|deployed/.test(text))
    const operation = await deployer.message(
      ({ id, text, buttons }) => id !== asked.id && buttons.includes('Roll back') && /staging/.test(text),
      DEADLINE,
    )
    expect(operation.text).toMatch(/voice-processor/)
    expect(await deploymentsOf('voice-processor', 'staging')).toBe(before + 1)
    await asked.until(({ text }) => /deployed/.test(text))
    await heardAloud(playground.url, /deployed/, since)
  })

  test('a restart in production needs the button', async () => {
    const since = new Date()
    await ada.say('helix restart the websocket streaming in production')
    const asked = await exchange('helix restart the websocket streaming in production', ({ buttons }) => buttons.includes('Confirm'))
    await heardAloud(playground.url, /^Restart websocket streaming in production\? Please press the button/, since)
    await ada.say('confirm')
    await asked.until(({ text }) => /not enough here: press the button/.test(text))
    await deployer.press(asked, 'Confirm')
    await asked.until(({ text, buttons }) => /Begun|restarted/.test(text) && !buttons.includes('Confirm'))
    await deployer.message(({ id, text, buttons }) => id !== asked.id && /restarted/.test(text) && buttons.includes('Logs'), DEADLINE)
  })

  test('what was said is corrected, and cancelled', async () => {
    const before = await deploymentsOf('zapier-integration', 'production')
    await ada.say('helix deploy zapier integration to production')
    const asked = await exchange('helix deploy zapier integration to production', ({ buttons }) => buttons.includes('Confirm'))
    await ada.say('no staging')
    await asked.until(({ text }) => /Deploy zapier-integration to staging/.test(text))
    await ada.say('cancel')
    await asked.until(({ text, buttons }) => /cancelled. Nothing was changed/.test(text) && !buttons.includes('Confirm'))
    expect(await deploymentsOf('zapier-integration', 'production')).toBe(before)
  })

  test('/voice doctor tells how the call is encrypted, and what came through', async () => {
    const { text } = await operator.slash('voice doctor')
    expect(text).toMatch(/DAVE version 1/)
    expect(text).toMatch(/AES-256-GCM/)
    expect(text).toMatch(/packets heard/)
  })

  test('a bot that is killed comes back into the channel, and hears', async () => {
    await playground.fault('bot.kill')
    await deployer.message(({ text }) => /was restarted and is back/.test(text), DEADLINE)
    await ada.say('helix help restart')
    await exchange('helix help restart', ({ text }) => text.includes('/restart'))
  })

  test('what members say is on no disk: not in a file, however short-lived, not in the store', async () => {
    await ada.play(await readFile(clip))
    await ada.say('helix help restart')
    const { speech } = await playground.state()
    expect(speech.heard.some(({ by }: { by: string }) => by === 'its audio')).toBe(true)
    expect(await sound.found()).toEqual([])
  })

  test('whoever withdraws is heard no more, and an empty channel is left', async () => {
    const answer = await operator.slash('voice consent', { choice: 'out' })
    expect(answer.text).toMatch(/does not hear you any more, and forgot/)
    await bob.say('helix help scale')
    expect((await deployer.slash('voice leave')).text).toMatch(/sent Helix out/)
    const { speech } = await playground.state()
    expect(speech.heard.map(({ text }: { text: string }) => text)).not.toContain('helix help scale')
  })
})
