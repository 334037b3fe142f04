import type { StreamEntry } from '#src/streams/streams.ts'
import { textFrame } from './frame.ts'

/** How a client gets messages: just as they were published, or with channel and id. */
export type Form = 'plain' | 'enveloped'

/** An entry of a stream on its way to many clients: made into a frame once for each form. */
export interface FramedEntry {
  readonly entry: StreamEntry
  /** The agent that it is about, where it names one. */
  readonly agent: string | undefined
  frame(form: Form): Buffer
}

export function frameEntry(entry: StreamEntry): FramedEntry {
  const frames: Partial<Record<Form, Buffer>> = {}
  const { agent_id: agent } = entry.message
  return {
    entry,
    agent: typeof agent === 'string' ? agent : undefined,
    frame(form) {
      frames[form] ??= textFrame(form === 'plain' ? entry.text : enveloped(entry))
      return frames[form]
    },
  }
}

/** The message stands in it as the text that was published: nothing is parsed or written anew. */
function enveloped({ channel, id, text }: StreamEntry): string {
  return `{"type":"message","channel":${JSON.stringify(channel)},"id":"${id}","data":${text}}`
}
