/** Plays one after the other what the bot said. */
export interface Player {
  play(url: string): void
  /** Stops, and forgets what waits. */
  stop(): void
}

/** `onBlocked`: the browser plays nothing before the reader has touched the page. */
export function createPlayer(audio: HTMLAudioElement, onBlocked: () => void): Player {
  const waiting: string[] = []
  let playing = false

  function next(): void {
    const url = waiting.shift()
    playing = url !== undefined
    if (!url) return
    audio.src = url
    audio.play().catch((error: DOMException) => {
      if (error.name === 'NotAllowedError') onBlocked()
      if (error.name !== 'AbortError') next()
    })
  }
  audio.onended = next

  return {
    play(url) {
      waiting.push(url)
      if (!playing) next()
    },
    stop() {
      waiting.length = 0
      playing = false
      audio.pause()
    },
  }
}
