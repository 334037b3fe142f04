import { EndBehaviorType } from '@discordjs/voice'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { awaitEvent } from '#test/support/await-event.ts'
import type { RunningDiscord } from '../running-discord.ts'
import { ask, encrypted, type Joined, joinVoice, opusPackets, speak, startVoiceDiscord } from './voice-stage.ts'

const ada = '1100000000000000401'

describe('what a receiver has to reckon with can be had on demand', () => {
  let discord: RunningDiscord
  let joined: Joined
  beforeEach(async () => {
    discord = await startVoiceDiscord()
    await ask(discord, 'join', { account: 'playground-admin' })
    await ask(discord, 'join', { account: 'playground-viewer' })
  })
  afterEach(() => discord.close())

  const join = async (tolerance?: number) => {
    joined = await joinVoice(await discord.bot(), 'Bridge', tolerance === undefined ? {} : { tolerance })
    await speak(discord, 'playground-viewer', opusPackets(2)) // Until then they may not be in the same group.
  }
  const spoil = (kind: string, count = 1) => discord.fault('voice-packets', { kind, count })
  const says = (count = 20) => {
    const said = opusPackets(count)
    return { said, done: speak(discord, 'playground-admin', said) }
  }
  const debugged = (text: string) =>
    awaitEvent(
      joined.changes,
      () => joined.debug.find((line) => line.includes(text)),
      () => `no ${text} in ${joined.debug.slice(-10).join('\n')}`,
    )

  test('packets before the word that somebody speaks (op 5) are dropped', async () => {
    await join()
    await discord.fault('voice-late', { what: 'speaking', ms: 300 })
    const { said, done } = says(30)
    await done
    const packets = await joined.received(ada, 5)
    expect(packets.length).toBeLessThan(said.length - 5)
    expect(said.slice(-packets.length)).toEqual(packets)
  })

  test('one packet that cannot be decrypted ends the subscription', async () => {
    await join()
    const { done } = says(20)
    await joined.received(ada, 5)
    await spoil('undecryptable')
    await debugged('stream ')
    await done
  })

  test('while encryption is not ready, ciphertext comes as Opus', async () => {
    await discord.fault('voice-late', { what: 'dave', ms: 600 })
    const { done } = says(50)
    joined = await joinVoice(await discord.bot(), 'Bridge')
    await done
    await speak(discord, 'playground-admin', opusPackets(1))
    expect((await joined.received(ada, 5)).some(encrypted)).toBe(true)
  })

  test('after too many failures the bot begins anew (op 31), and is taken in again', async () => {
    await join(3)
    await spoil('undecryptable-e2ee', 6)
    await says(10).done
    await debugged('[bin] opcode 26')
    await debugged('Invalidating transition')
    await discord.fault('clear')
    const before = joined.packets(ada).length
    const { said, done } = says(8)
    await done
    expect((await joined.received(ada, before + 8)).slice(before)).toEqual(said)
  })

  test('a member who is said to speak may never be heard: the subscription does not end by silence', async () => {
    await join()
    await discord.fault('voice-loss', { percent: 100 })
    const stream = joined.connection.receiver.subscribe(ada, { end: { behavior: EndBehaviorType.AfterSilence, duration: 50 } })
    await says(10).done
    expect([stream.readableEnded, stream.destroyed]).toEqual([false, false])
  })

  test('packets come swapped, twice, not at all, empty and cut off', async () => {
    await join()
    await says(1).done
    await spoil('swap')
    const swapped = says(6)
    await swapped.done
    expect((await joined.received(ada, 7)).slice(1)).toEqual([swapped.said[1], swapped.said[0], ...swapped.said.slice(2)])
    await spoil('zero', 2)
    await spoil('truncate')
    await spoil('garbage', 3)
    const { said, done } = says(6)
    await done
    const after = (await joined.received(ada, 13)).slice(7)
    expect(after.map((packet) => packet.length)).toEqual([60, 60, 1, ...said.slice(3).map(({ length }) => length)])
    expect(after[0]!.every((byte) => byte === 0)).toBe(true)
    await discord.fault('voice-loss', { percent: 50 })
    await says(10).done
    expect((await joined.received(ada, 17)).length).toBeLessThan(20)
  })

  test('a burst ends with five packets of silence that nobody encrypted', async () => {
    await join()
    const stream = joined.connection.receiver.subscribe(ada)
    const all: string[] = []
    stream.on('data', (packet: Buffer) => all.push(packet.toString('hex')))
    await says(5).done
    await expect.poll(() => all.length).toBe(10)
    expect(all.slice(5)).toEqual(Array(5).fill('f8fffe'))
  })
})
