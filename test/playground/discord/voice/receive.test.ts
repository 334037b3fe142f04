import { afterEach, describe, expect, test } from 'vitest'
import { transportModes } from '#playground/discord/voice/transport.ts'
import type { RunningDiscord } from '../running-discord.ts'
import { joinVoice, opusPackets, speak, startVoiceDiscord } from './voice-stage.ts'

const ada = '1100000000000000401'

describe('unmodified @discordjs/voice hears members', () => {
  let discord: RunningDiscord
  afterEach(() => discord.close())

  test.for(transportModes.flatMap((mode) => [true, false].map((encrypted) => ({ mode, encrypted }))))(
    'byte by byte, from the first packet on: %o',
    async ({ mode, encrypted }) => {
      discord = await startVoiceDiscord({ voice: { modes: [mode], encrypted } })
      const joined = await joinVoice(await discord.bot(), 'Bridge', { dave: encrypted })
      const said = opusPackets(25)
      await speak(discord, 'playground-admin', said)
      expect(await joined.received(ada, said.length)).toEqual(said)
      expect(joined.debug.join('\n')).toContain(mode)
    },
  )
})
