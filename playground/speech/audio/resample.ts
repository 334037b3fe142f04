/** Samples at another rate, by straight lines between them: enough for speech. */
export function resample(samples: Int16Array, from: number, to: number): Int16Array {
  if (from === to || samples.length === 0) return samples
  return Int16Array.from({ length: Math.round((samples.length * to) / from) }, (_, index) => {
    const at = (index * from) / to
    const left = Math.min(Math.floor(at), samples.length - 1)
    const right = Math.min(left + 1, samples.length - 1)
    return Math.round(samples[left]! + (samples[right]! - samples[left]!) * (at - left))
  })
}
