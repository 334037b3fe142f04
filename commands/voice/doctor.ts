import { defineCommand, peopleInDiscord } from '#src/kernel/command.ts'
import type { Fact, Tone } from '#src/kernel/report.ts'
import { andList, count } from '#src/kernel/say.ts'
import type { RoomFigures } from '#src/voice/room.ts'

const transports: Readonly<Record<string, string>> = {
  aead_aes256_gcm_rtpsize: 'AES-256-GCM',
  aead_xchacha20_poly1305_rtpsize: 'XChaCha20-Poly1305',
}
/** Of 100 packets. */
const MUCH_LOST = 5
const SLOW_MS = 3_000

export default defineCommand({
  describe: 'How voice works at this moment: encryption, packets, losses, recogniser, latency, budget',
  role: 'operator',
  risk: 'read',
  doors: peopleInDiscord,
  answer: 'ephemeral',
  arguments: {},
  says: [],
  needs: ['voice'],
  async run(_, { voice, call: { place } }) {
    const { figures, latencies, speech, budget, settings } = await voice.examine(place.guild)
    const typical = [...latencies].sort((a, b) => a - b)[Math.floor(latencies.length / 2)]
    const left = Math.max(0, budget.allowedSeconds - budget.usedSeconds)
    const troubles = [
      ...(figures ? connectionTroubles(figures) : []),
      ...('missing' in speech ? ['there is no recogniser'] : []),
      ...(typical !== undefined && typical > SLOW_MS ? ['words come late'] : []),
      ...(left === 0 ? ['the speech of today is used up'] : []),
    ]
    const where = figures ? '' : ' Helix is in no voice channel.'
    const tone: Tone = troubles.length > 0 ? 'warning' : 'good'
    return {
      title: 'Voice doctor',
      tone,
      sentence: `${troubles.length === 0 ? 'Voice is well.' : `Voice needs a look: ${andList(troubles)}.`}${where}`,
      facts: [
        ...(figures ? connectionFacts(figures) : []),
        { label: 'Understands and speaks by', value: 'missing' in speech ? speech.missing : speech.by },
        {
          label: 'From the last sound to the words',
          value: typical === undefined ? 'nothing was heard yet' : `${typical} ms, the middle of ${count(latencies.length, 'utterance')}`,
        },
        {
          label: 'Speech of today',
          value: `${budget.usedSeconds} of ${budget.allowedSeconds} s used, renewed at ${budget.renewsAt.toISOString().slice(11, 16)} UTC`,
        },
        { label: 'Wake words', value: settings.wakeWords.join(', ') },
        { label: 'Language and voice', value: `${settings.language}, ${settings.voice ?? 'the recommended voice'}` },
      ],
    }
  },
})

function connectionTroubles({ state, endToEnd, packets, lost, undecryptable }: RoomFigures): readonly string[] {
  const isMany = (some: number) => some * 100 > MUCH_LOST * Math.max(packets, 1)
  return [
    ...(state === 'ready' ? [] : [`the connection is ${state}`]),
    ...(state === 'ready' && endToEnd === 0 ? ['the call is not encrypted end to end'] : []),
    ...(isMany(lost) ? ['many packets are lost'] : []),
    ...(isMany(undecryptable) ? ['many packets cannot be decrypted'] : []),
  ]
}

function connectionFacts(figures: RoomFigures): readonly Fact[] {
  const { state, transport, endToEnd, pingMs, packets, lost, undecryptable, unusable, resubscribed } = figures
  const ping = pingMs === undefined ? '' : `, ${Math.round(pingMs)} ms`
  const call = endToEnd === undefined ? 'not known yet' : endToEnd === 0 ? 'none' : `DAVE version ${endToEnd}`
  return [
    { label: 'Connection', value: `${state}${ping}` },
    { label: 'Encryption to Discord', value: transport === undefined ? 'not known yet' : (transports[transport] ?? transport) },
    { label: 'End-to-end encryption', value: call },
    {
      label: 'Packets',
      value: `${count(packets, 'packet')} heard, ${lost} lost, ${undecryptable} not decrypted, ${unusable} without speech`,
    },
    { label: 'Streams that broke and were taken up again', value: String(resubscribed) },
  ]
}
