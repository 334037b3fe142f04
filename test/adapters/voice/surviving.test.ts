import { afterEach, describe, expect, test, vi } from 'vitest'
import { UpstreamError, UserError } from '#src/kernel/errors.ts'
import { values } from '#test/playground/discord/running-discord.ts'
import { packetsOf, spelled } from './packets.ts'
import { channels, idOf, openVoiceStage, type VoiceStageOptions } from './stage.ts'

type Stage = Awaited<ReturnType<typeof openVoiceStage>>
const open: Stage[] = []
afterEach(async () => {
  for (const stage of open.splice(0)) await stage.close()
})

async function openStage(options: VoiceStageOptions = {}) {
  const stage = await openVoiceStage(options)
  open.push(stage)
  return stage
}

const ada = idOf('admin')
const numbers = Array.from({ length: 20 }, (_, at) => at).join(' ')

async function adaHeard(options: VoiceStageOptions = {}) {
  const stage = await openStage(options)
  await stage.enter('admin')
  const room = await stage.join()
  room.hear(ada)
  await stage.speak('admin', packetsOf(1, 20))
  await stage.utterance()
  const isReady = () => vi.waitFor(() => expect(room.figures().state).toBe('ready'), 15_000)
  const wasLost = () =>
    vi.waitFor(() => expect(stage.log.lines.map(({ message }) => message)).toContain('the voice connection was lost'), 15_000)
  /** What she says now arrives, once those at both ends have their keys. */
  async function stillHears() {
    const before = stage.said.length
    await isReady()
    await stage.speak('admin', packetsOf(1, 20))
    const { user, packets } = await stage.utterance(before)
    expect([user, spelled(packets)]).toEqual([ada, expect.stringContaining(numbers)])
  }
  return { stage, room, stillHears, wasLost }
}

describe('a connection survives', () => {
  test.each(['cut', '4015'])('a voice connection that breaks (%s): it is resumed, and nothing said meanwhile is another’s', async (how) => {
    const { stage, stillHears, wasLost } = await adaHeard()
    await stage.fault('voice-drop', { how })
    await wasLost()
    await stillHears()
    expect(stage.told.filter((line) => line.startsWith('gone'))).toEqual([])
  })

  test('4006, a session that is no longer valid: it joins anew, with the same subscription', async () => {
    const { stage, room, stillHears, wasLost } = await adaHeard()
    await stage.fault('voice-invalid')
    await wasLost()
    await stillHears()
    expect(room.figures().resubscribed).toBe(0)
  })

  test('being moved to another channel: it is told, and whoever comes along is heard there', async () => {
    const { stage, room, stillHears } = await adaHeard()
    await stage.fault('voice-move', { channel: 'War room' })
    await stage.toldOf(`moved ${channels.war}`)
    await stage.enter('admin', channels.war)
    expect(room.channel).toBe(channels.war)
    await stillHears()
    expect(stage.told.filter((line) => line.startsWith('gone'))).toEqual([])
  })

  test('a voice server that goes away: it waits for the next one', async () => {
    const { stage, stillHears, wasLost } = await adaHeard()
    await stage.fault('voice-server-change', { afterMs: 300 })
    await wasLost()
    await stillHears()
  })

  test('4014 without a word of the gateway: it joins anew', async () => {
    const { stage, room, stillHears } = await adaHeard({ patience: { closedMs: 200 } })
    void stage.fault('voice-server-change', { afterMs: 60_000 })
    await vi.waitFor(() => expect(room.figures().state).toBe('reconnecting'), 5_000)
    await stillHears()
  })

  test('a main gateway that drops, and resumes', async () => {
    const { stage, stillHears } = await adaHeard()
    await stage.fault('drop-gateway')
    await stillHears()
    await vi.waitFor(() => expect(stage.gateway.ping()).toBeDefined(), 10_000)
    await stillHears()
  })

  test('a main gateway session that is lost, and begins anew', async () => {
    const { stage, stillHears, wasLost } = await adaHeard({ patience: { closedMs: 500 } })
    await stage.fault('invalid-session', { resumable: false })
    await wasLost()
    await stillHears()
  }, 40_000)
})

describe('it is over, told once, and why', () => {
  test('kicked', async () => {
    const { stage, room } = await adaHeard()
    await stage.fault('voice-kick')
    await stage.toldOf('gone kicked')
    expect(room.figures().state).toBe('gone')
    await stage.join()
  })

  test('channel deleted', async () => {
    const { stage } = await adaHeard()
    await stage.fault('delete-channel', { channel: 'Bridge' })
    await stage.toldOf('gone channel deleted')
  })

  test('left', async () => {
    const { stage, room } = await adaHeard()
    void stage.speak('admin', packetsOf(1, 50))
    await stage.until(() => (stage.begun.length === 2 ? true : undefined))
    await room.leave()
    await stage.toldOf('gone left')
    expect(await stage.utterance(1)).toMatchObject({ how: 'dropped' })
    await room.leave()
    expect(stage.told.filter((line) => line.startsWith('gone'))).toEqual(['gone left'])
  })

  test('given up, when nothing helps', async () => {
    const { stage } = await adaHeard({ patience: { lostMs: 1_000, stuckMs: 200 } })
    await stage.fault('silence-gateway')
    await stage.fault('voice-invalid')
    await stage.toldOf('gone connection lost')
  })
})

describe('a channel that cannot be joined', () => {
  test('is said to be so, and why', async () => {
    const stage = await openStage()
    const why = (channel: string) =>
      stage.join(channel).then(
        () => 'joined',
        (error: unknown) => (error instanceof UserError ? error.message : String(error)),
      )
    expect(await why('1100000000000000399')).toBe('Helix does not see that voice channel.')
    expect(await why('1100000000000000301')).toBe('Helix joins voice channels only, and general is none.')
    await stage.fault('revoke-permission', { channel: 'War room', permission: 'SPEAK' })
    await vi.waitFor(() => expect(stage.gateway.voice.channel(values.guildId, channels.war)?.lacks).toEqual(['Speak']))
    expect(await why(channels.war)).toBe('Helix lacks the permission Speak in War room.')
    const first = stage.join()
    expect(await why(channels.bridge)).toBe('Helix is joining already.')
    const room = await first
    expect(await why(channels.war)).toBe('Helix is in another voice channel already.')
    await room.leave()
    await (await stage.join()).leave()
  })

  test('because Discord does not let Helix in, is an UpstreamError, and may be tried again', async () => {
    const stage = await openStage({ patience: { joinMs: 300 }, discord: { voice: { modes: [] } } })
    await expect(stage.join()).rejects.toThrow(UpstreamError)
    await expect(stage.rooms.join({ guild: values.guildId, channel: channels.bridge }, {} as never)).rejects.toThrow(UpstreamError)
    expect(stage.told).toEqual([])
  })
})
