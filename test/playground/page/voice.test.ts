import { Readable } from 'node:stream'
import tls from 'node:tls'
import { createAudioPlayer, createAudioResource, getVoiceConnection, StreamType } from '@discordjs/voice'
import { Client, Events, GatewayIntentBits } from 'discord.js'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { decodeOpus } from '#playground/speech/audio/opus.ts'
import { opusSamples } from '#src/speech/opus-packet.ts'
import { type Joined, joinVoice, sounds } from '../discord/voice/voice-stage.ts'
import { violations } from './support/axe.ts'
import { type Browser, leftOut, noChromium, type OpenPage, openBrowser, phone } from './support/browser.ts'
import { botToken, guildId, openPlayground, type TestPlayground } from './support/playground.ts'
import { soon } from './support/stage.ts'

const ada = '1100000000000000401'
const omar = '1100000000000000403'

describe.skipIf(noChromium)(`a voice channel on the page${leftOut}`, () => {
  let playground: TestPlayground
  let browser: Browser
  let bot: Client<true>
  let joined: Joined
  let opened: OpenPage[] = []
  beforeAll(async () => {
    if (noChromium) return
    playground = await openPlayground()
    tls.setDefaultCACertificates([...tls.getCACertificates('default'), playground.discord.certificate])
    browser = await openBrowser()
    const client = new Client({
      intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildVoiceStates],
      rest: { api: `${playground.url}/api` },
    })
    bot = await new Promise<Client<true>>((resolve) => {
      client.once(Events.ClientReady, resolve)
      void client.login(botToken)
    })
    joined = await joinVoice(bot, 'Bridge')
  })
  afterAll(async () => {
    if (noChromium) return
    await browser.close()
    getVoiceConnection(guildId)?.destroy()
    await bot.destroy()
    await playground.close()
  })
  afterEach(async () => {
    const closing = opened
    opened = []
    for (const { page } of closing) await page.close()
    expect(closing.flatMap(({ complaints }) => complaints)).toEqual([])
    // A tab that is closed leaves the channel.
    await soon(() => (playground.discord.state() as { voice: { states: object[] } }).voice.states.length).toBe(1)
  })

  const open = async (options?: Parameters<Browser['open']>[1]) => {
    const one = await browser.open(playground.url, options)
    opened.push(one)
    return one.page
  }
  const join = async (page: Page) => {
    await page.getByRole('button', { name: 'Bridge (join)' }).click()
    await page.getByRole('region', { name: 'Voice: Bridge' }).waitFor()
  }
  const inside = (page: Page) => page.getByRole('list', { name: 'In Bridge' }).getByRole('listitem')

  test('shows who is there, and who is muted; one comes, mutes and leaves', async () => {
    const page = await open()
    const other = await open({ as: 'playground-operator' })
    await soon(() => inside(page).allTextContents()).toEqual(['Helix'])
    await join(other)
    await soon(async () => (await inside(page).allTextContents()).map((text) => text.trim())).toEqual([
      'Helix',
      expect.stringContaining('Omar'),
    ])
    await other.getByRole('button', { name: 'Mute' }).click()
    await inside(page).filter({ hasText: 'muted' }).waitFor()
    expect(await other.getByRole('button', { name: 'Hold to talk' }).isDisabled()).toBe(true)
    await other.getByRole('button', { name: 'Unmute' }).click()
    await inside(page).filter({ hasText: 'muted' }).waitFor({ state: 'detached' })
    await other.getByRole('button', { name: 'Leave' }).click()
    await soon(() => inside(page).count()).toBe(1)
  })

  test('typed words are spoken, and a ring shows who speaks', async () => {
    const page = await open({ as: 'playground-operator' })
    await join(page)
    await page.getByRole('textbox', { name: 'Words to say' }).fill('helix, how is the voice processor doing today')
    await page.keyboard.press('Enter')
    await page.locator('.voice-member.speaking').filter({ hasText: 'Omar' }).waitFor()
    await soon(() => sounds.wordsOf(joined.packets(omar)) ?? joined.packets(omar).length).toBeGreaterThan(20)
    await soon(() => page.getByRole('textbox', { name: 'Words to say' }).inputValue()).toBe('')
    await page.locator('.voice-member.speaking').waitFor({ state: 'detached' })
  })

  test('held down, the button lets the microphone be heard in packets of 20 ms, by mouse and by key', async () => {
    const page = await open()
    await join(page)
    const talk = page.getByRole('button', { name: /Hold to talk|Talking/ })
    await talk.hover()
    await page.mouse.down()
    await joined.received(ada, 30)
    await page.mouse.up()
    const byMouse = await joined.received(ada, 30)
    expect(byMouse.every((packet) => opusSamples(packet) === 960)).toBe(true)
    expect(Math.max(...(await decodeOpus(byMouse)))).toBeGreaterThan(1_000)
    await page.locator('.voice-member.speaking').waitFor({ state: 'detached' })
    const before = joined.packets(ada).length
    await talk.focus()
    await page.keyboard.down(' ')
    await joined.received(ada, before + 20)
    await page.keyboard.up(' ')
    await soon(() => talk.textContent()).toBe('Hold to talk')
  })

  test('what Helix says is played, named and can be played again', async () => {
    const page = await open()
    await page.evaluate(() => {
      const played: string[] = []
      Object.assign(window, { played })
      const { play } = HTMLMediaElement.prototype
      HTMLMediaElement.prototype.play = function () {
        this.addEventListener('ended', () => played.push(this.src), { once: true })
        return play.call(this)
      }
    })
    await join(page)
    const player = createAudioPlayer()
    joined.connection.subscribe(player)
    const packets = await sounds.say('all services are well')
    player.play(createAudioResource(Readable.from(packets.map((packet) => Buffer.from(packet))), { inputType: StreamType.Opus }))
    await page.locator('.voice-member.speaking').filter({ hasText: 'Helix' }).waitFor()
    const played = () => page.evaluate(() => (window as unknown as { played: string[] }).played.length)
    await page.getByText(/^Helix said: /).waitFor()
    await soon(played).toBe(1)
    await page.getByRole('button', { name: 'Play again' }).click()
    await soon(played).toBe(2)
    expect(await violations(page)).toEqual([])
  })

  test('on a phone it fits, and axe finds nothing', async () => {
    const page = await open({ size: phone })
    await page.getByRole('button', { name: 'Channels and account' }).click()
    await page.getByRole('button', { name: 'Bridge (join)' }).click()
    await inside(page).nth(1).waitFor()
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('region', { name: 'Voice: Bridge' }).waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(phone.width)
    expect(await violations(page)).toEqual([])
  })
})
