import { type Fingerprint, isSpeech, piecesOf } from './fingerprint.ts'

export interface KnownClip {
  readonly text: string
  readonly confidence: number
}

export interface KnownAudio {
  add(fingerprint: Fingerprint, clip: KnownClip): void
  /** The clip that this audio is a part of, or all of; undefined where it is another. */
  match(heard: Fingerprint): KnownClip | undefined
}

const MOST_CLIPS = 300
/** So much of what was heard has to be the clip's: a few packets are lost on the way, a few are alike in any speech. */
const LEAST_SHARE = 0.6

/** Audio whose words are known, because it was made here or because they came with it. The oldest are forgotten. */
export function createKnownAudio(): KnownAudio {
  const clips: { readonly marks: ReadonlySet<string>; readonly clip: KnownClip }[] = []
  return {
    add(fingerprint, clip) {
      if (fingerprint.length === 0) return
      clips.push({ marks: new Set(fingerprint), clip })
      if (clips.length > MOST_CLIPS) clips.shift()
    },
    match(heard) {
      if (!isSpeech(heard)) return undefined
      const pieces = piecesOf(heard)
      let best: { readonly share: number; readonly clip: KnownClip } | undefined
      for (const { marks, clip } of clips) {
        const share = pieces.filter((mark) => marks.has(mark)).length / pieces.length
        // The later one of two that are alike: its words are the newer ones.
        if (share >= LEAST_SHARE && share >= (best?.share ?? 0)) best = { share, clip }
      }
      return best?.clip
    },
  }
}
