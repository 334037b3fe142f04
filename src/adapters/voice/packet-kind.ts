import { isOpusSilence, opusSamples } from '#src/speech/opus-packet.ts'

/** What a packet is to a recogniser. `sealed`: still encrypted end to end. `unusable`: nothing but zeros, or no Opus. */
export type PacketKind = 'speech' | 'silence' | 'sealed' | 'unusable'

/** What an end-to-end encrypted frame ends with: https://daveprotocol.com */
const MAGIC = 0xfa

export function kindOf(packet: Uint8Array): PacketKind {
  const { length } = packet
  // While the call's keys are being exchanged, @discordjs/voice passes ciphertext on as if it were Opus.
  if (length > 2 && packet[length - 1] === MAGIC && packet[length - 2] === MAGIC) return 'sealed'
  if (opusSamples(packet) === undefined) return 'unusable'
  if (isOpusSilence(packet)) return 'silence'
  return isMostlyZeros(packet) ? 'unusable' : 'speech'
}

/** Some of Discord's voice servers send such packets where nobody speaks. */
function isMostlyZeros(packet: Uint8Array): boolean {
  let most = Math.max(1, packet.length >> 3)
  for (const byte of packet) if (byte !== 0 && --most < 0) return false
  return true
}
