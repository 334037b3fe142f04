/** Telephone audio, a byte a sample: ITU-T G.711. */
const BIAS = 0x84
const LOUDEST = 32_635

export function muLawOf(samples: Int16Array): Uint8Array {
  return Uint8Array.from(samples, (sample) => {
    const sign = sample < 0 ? 0x80 : 0
    const level = Math.min(Math.abs(sample), LOUDEST) + BIAS
    const exponent = 24 - Math.clz32(level)
    return ~(sign | (exponent << 4) | ((level >> (exponent + 3)) & 0x0f)) & 0xff
  })
}

export function fromMuLaw(bytes: Uint8Array): Int16Array {
  return Int16Array.from(bytes, (byte) => {
    const code = ~byte & 0xff
    const level = ((((code & 0x0f) << 3) + BIAS) << ((code & 0x70) >> 4)) - BIAS
    return code & 0x80 ? -level : level
  })
}

export function aLawOf(samples: Int16Array): Uint8Array {
  return Uint8Array.from(samples, (sample) => {
    const sign = sample < 0 ? 0 : 0x80
    const level = Math.min(sample < 0 ? ~sample : sample, 32_767) >> 4
    const exponent = level < 32 ? (level < 16 ? 0 : 1) : 28 - Math.clz32(level)
    const mantissa = exponent < 2 ? level & 0x0f : (level >> (exponent - 1)) & 0x0f
    return (sign | (exponent << 4) | mantissa) ^ 0x55
  })
}

export function fromALaw(bytes: Uint8Array): Int16Array {
  return Int16Array.from(bytes, (byte) => {
    const code = byte ^ 0x55
    const exponent = (code & 0x70) >> 4
    const base = ((code & 0x0f) << 4) + (exponent === 0 ? 8 : 0x108)
    const level = exponent > 1 ? base << (exponent - 1) : base
    return code & 0x80 ? level : -level
  })
}
