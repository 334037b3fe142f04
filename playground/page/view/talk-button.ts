import type { VNode } from 'preact'
import { useEffect, useMemo, useState } from 'preact/hooks'
import { createMicrophone } from '#playground/page/voice/microphone.ts'
import { html } from './html.ts'

interface TalkButtonProps {
  readonly account: string
  readonly muted: boolean
  onProblem(sentence: string | undefined): void
}

const keys = new Set([' ', 'Enter'])

/** Heard for as long as it is held, by pointer or by key. */
export function TalkButton({ account, muted, onProblem }: TalkButtonProps): VNode {
  const [held, setHeld] = useState(false)
  const microphone = useMemo(
    () =>
      createMicrophone({
        account,
        origin: location.origin,
        socket: (url) => new WebSocket(url),
        devices: navigator.mediaDevices,
        onProblem,
      }),
    [account],
  )
  useEffect(() => () => microphone.close(), [microphone])

  function hold(): void {
    if (held || muted) return
    onProblem(undefined)
    setHeld(true)
    void microphone.hold()
  }
  function release(): void {
    if (!held) return
    setHeld(false)
    microphone.release()
  }
  return html`<button type="button" class=${held ? 'button success talk held' : 'button success talk'} disabled=${muted} aria-pressed=${held}
    onPointerDown=${(event: PointerEvent) => {
      ;(event.currentTarget as HTMLElement).setPointerCapture(event.pointerId)
      hold()
    }}
    onPointerUp=${release} onPointerCancel=${release} onBlur=${release} onContextMenu=${(event: Event) => event.preventDefault()}
    onKeyDown=${(event: KeyboardEvent) => {
      if (!keys.has(event.key)) return
      event.preventDefault()
      if (!event.repeat) hold()
    }}
    onKeyUp=${(event: KeyboardEvent) => keys.has(event.key) && release()}
  >${held ? 'Talking…' : 'Hold to talk'}</button>`
}
