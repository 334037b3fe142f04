import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RunningDiscord } from '../running-discord.ts'
import { ask, type Joined, joinVoice, opusPackets, speak, startVoiceDiscord } from './voice-stage.ts'

const [ada, dana, omar] = ['1100000000000000401', '1100000000000000402', '1100000000000000403']

/** What everybody can compare: the bot's and the members' privacy code. */
function codes(discord: RunningDiscord, { connection }: Joined) {
  const { voice } = discord.emulator.state() as { voice: { calls: { encryption: { epoch: number; privacyCode: string } }[] } }
  const [call] = voice.calls
  return { ...call!.encryption, own: connection.voicePrivacyCode }
}

describe('an end-to-end encrypted call', () => {
  let discord: RunningDiscord
  beforeEach(async () => {
    discord = await startVoiceDiscord({ guests: 8 })
  })
  afterEach(() => discord.close())

  const join = (account: string, channel = 'Bridge') => ask(discord, 'join', { account, channel })
  const hears = async (joined: Joined, account: string, user: string, count = 8) => {
    const before = joined.packets(user).length
    const said = opusPackets(count)
    await speak(discord, account, said)
    expect((await joined.received(user, before + count)).slice(before)).toEqual(said)
  }

  test('is joined by the bot while two members are in it already', async () => {
    await join('playground-admin')
    await join('playground-deployer')
    expect(codes(discord, { connection: {} } as Joined).epoch).toBe(1)
    const joined = await joinVoice(await discord.bot(), 'Bridge')
    await hears(joined, 'playground-admin', ada)
    await hears(joined, 'playground-deployer', dana)
    const { epoch, privacyCode, own } = codes(discord, joined)
    expect({ epoch, own }).toEqual({ epoch: 2, own: privacyCode })
    expect(privacyCode).toMatch(/^\d{30}$/)
  })

  test('is begun by the bot, which commits the members who join, and goes on as they leave and come back', async () => {
    const joined = await joinVoice(await discord.bot(), 'Bridge')
    await join('playground-admin')
    await hears(joined, 'playground-admin', ada)
    expect(joined.debug.filter((line) => line.includes('[bin] opcode 28')).length).toBe(1)
    await join('playground-deployer')
    await join('playground-operator')
    await hears(joined, 'playground-operator', omar)
    await hears(joined, 'playground-deployer', dana)
    await ask(discord, 'leave', { account: 'playground-deployer' })
    await hears(joined, 'playground-admin', ada)
    await join('playground-deployer')
    await hears(joined, 'playground-deployer', dana)
    const { privacyCode, own } = codes(discord, joined)
    expect(own).toBe(privacyCode)
  })

  test('begins anew with the last one who is left, and grows again', async () => {
    await join('playground-admin')
    const joined = await joinVoice(await discord.bot(), 'Bridge')
    await hears(joined, 'playground-admin', ada)
    await ask(discord, 'leave', { account: 'playground-admin' })
    await join('playground-operator')
    await hears(joined, 'playground-operator', omar)
    expect(codes(discord, joined).epoch).toBe(1)
  })

  test('keeps eight speakers apart who speak at once', async () => {
    const joined = await joinVoice(await discord.bot(), 'Bridge')
    const accounts = Array.from({ length: 8 }, (_, index) => `playground-guest-${index + 1}`)
    for (const account of accounts) await join(account)
    const said = accounts.map(() => opusPackets(20))
    await Promise.all(accounts.map((account, index) => speak(discord, account, said[index]!)))
    for (const [index, packets] of said.entries()) {
      const user = `${1100000000000000410n + BigInt(index)}`
      expect(await joined.received(user, packets.length)).toEqual(packets)
    }
  })

  test('goes on without encryption for a client that knows none, and with it again', async () => {
    await join('playground-admin')
    const joined = await joinVoice(await discord.bot(), 'Bridge')
    await hears(joined, 'playground-admin', ada)
    const transitioned = () => new Promise((resolve) => joined.connection.once('transitioned', resolve))
    const down = transitioned()
    await discord.fault('voice-encryption', { version: 0 })
    await down
    await hears(joined, 'playground-admin', ada)
    expect(codes(discord, joined)).toMatchObject({ version: 0 })
    const up = transitioned()
    await discord.fault('voice-encryption', { version: 1 })
    await up
    await hears(joined, 'playground-admin', ada)
    expect(codes(discord, joined)).toMatchObject({ version: 1, own: expect.stringMatching(/^\d{30}$/) })
  })
})
