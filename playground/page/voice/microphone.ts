/** What the page needs of the browser. */
export interface MicrophoneDeps {
  readonly account: string
  readonly origin: string
  readonly socket: (url: string) => WebSocket
  /** Undefined where the browser gives none, as on an insecure page. */
  readonly devices: MediaDevices | undefined
  /** Why it ended by itself, as a sentence. */
  onProblem(sentence: string): void
}

/** The browser's microphone, heard in the voice channel while it is held. */
export interface Microphone {
  hold(): Promise<void>
  release(): void
  /** Gives the device back. */
  close(): void
}

const format = 'audio/webm;codecs=opus'
const pieceMs = 100

export function createMicrophone({ account, origin, socket, devices, onProblem }: MicrophoneDeps): Microphone {
  let stream: MediaStream | undefined
  let recorder: MediaRecorder | undefined
  let held = false

  async function open(): Promise<MediaStream | undefined> {
    if (!devices || !MediaRecorder.isTypeSupported(format)) {
      onProblem('This browser cannot record for the voice channel. Type what you want to say.')
      return undefined
    }
    try {
      return await devices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true } })
    } catch (error) {
      onProblem(`The microphone cannot be used: ${(error as Error).message}.`)
      return undefined
    }
  }

  function record(from: MediaStream): void {
    const address = new URL(`/playground/voice/microphone?${new URLSearchParams({ account })}`, origin)
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
    const line = socket(address.href)
    const current = new MediaRecorder(from, { mimeType: format })
    recorder = current
    const waiting: Blob[] = []
    const flush = () => {
      if (line.readyState === WebSocket.OPEN) for (const piece of waiting.splice(0)) line.send(piece)
    }
    const finish = () => {
      flush()
      if (current.state === 'inactive') line.close(1000)
    }
    line.onopen = finish
    line.onclose = ({ code, reason }) => {
      if (current.state !== 'inactive') current.stop()
      if (code === 4000) onProblem(reason)
    }
    current.ondataavailable = ({ data }) => {
      waiting.push(data)
      flush()
    }
    current.onstop = finish
    current.start(pieceMs)
  }

  return {
    async hold() {
      if (held) return
      held = true
      stream ??= await open()
      // Released while the browser asked for its permission.
      if (stream && held) record(stream)
    },
    release() {
      held = false
      if (recorder?.state === 'recording') recorder.stop()
      recorder = undefined
    },
    close() {
      this.release()
      for (const track of stream?.getTracks() ?? []) track.stop()
      stream = undefined
    },
  }
}
