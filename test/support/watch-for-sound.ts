import { watch } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { opusPacketsOf } from '#src/speech/ogg-reader.ts'

/** Looks for a recording, in whatever form, in each file that is written below a folder, as it is written and in the end. */
export interface SoundWatch {
  /** Files in which there is sound. */
  found(): Promise<readonly string[]>
  close(): void
}

const SLICE = 18

/** `recording`: Ogg Opus; its packets are what would be found, bare, as hexadecimal digits or as base64. */
export async function watchForSound(folder: string, recording: Uint8Array): Promise<SoundWatch> {
  const marks = [Buffer.from('OpusHead'), Buffer.from('WAVEfmt '), ...packetMarks(recording)]
  const found = new Set<string>()

  async function look(file: string): Promise<void> {
    const content = await readFile(file).catch(() => undefined)
    if (content && marks.some((mark) => content.includes(mark))) found.add(file)
  }

  const watcher = watch(folder, { recursive: true }, (_, name) => {
    // The database's own files are many and large; they are looked at in the end.
    if (name !== null && !name.includes('postgres')) void look(join(folder, name))
  })
  return {
    async found() {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true })
      const files = entries.filter((entry) => entry.isFile() && !entry.parentPath.startsWith(join(folder, 'bin')))
      for (const { parentPath, name } of files) await look(join(parentPath, name))
      return [...found]
    },
    close: () => watcher.close(),
  }
}

function packetMarks(recording: Uint8Array): readonly Buffer[] {
  const packets = (opusPacketsOf(recording) ?? []).filter(({ length }) => length > SLICE + 4)
  if (packets.length === 0) throw new Error('the recording has no packets to look for')
  const step = Math.ceil(packets.length / 20)
  return packets
    .filter((_, at) => at % step === 0)
    .flatMap((packet) => {
      const slice = Buffer.from(packet.subarray(1, 1 + SLICE))
      // Base64 reads differently by where in the text it begins.
      const texts = [0, 1, 2].map((shift) => slice.subarray(shift, shift + 15).toString('base64'))
      return [slice, Buffer.from(slice.toString('hex')), ...texts.map((text) => Buffer.from(text))]
    })
}
