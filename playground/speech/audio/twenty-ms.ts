import OpusScript from 'opusscript'
import { opusSamples } from '#src/speech/opus-packet.ts'

const RATE = 48_000
const FRAME = 960
const BYTES = FRAME * 2

/** Opus packets of any length as packets of 20 ms, which is what Discord carries. Those of 20 ms pass as they are. */
export interface TwentyMs {
  push(packet: Uint8Array): readonly Uint8Array[]
  close(): void
}

export function createTwentyMs(): TwentyMs {
  let codec: { readonly decoder: OpusScript; readonly encoder: OpusScript } | undefined
  let rest: Buffer = Buffer.alloc(0)

  function recode(packet: Uint8Array): Uint8Array[] {
    codec ??= { decoder: new OpusScript(RATE, 1), encoder: new OpusScript(RATE, 1, OpusScript.Application.VOIP) }
    rest = Buffer.concat([rest, codec.decoder.decode(Buffer.from(packet))])
    const packets: Uint8Array[] = []
    for (; rest.length >= BYTES; rest = rest.subarray(BYTES))
      packets.push(Uint8Array.from(codec.encoder.encode(rest.subarray(0, BYTES), FRAME)))
    return packets
  }

  return {
    push(packet) {
      const samples = opusSamples(packet)
      if (samples === FRAME) return [packet]
      try {
        return samples === undefined ? [] : recode(packet)
      } catch {
        // opusscript throws a bare Error with libopus' own word; a damaged packet is what a decoder has to live with.
        return []
      }
    },
    close() {
      codec?.decoder.delete()
      codec?.encoder.delete()
      codec = undefined
    },
  }
}
