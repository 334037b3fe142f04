import { readFile, rename, writeFile } from 'node:fs/promises'
import type { Emulator } from './emulator.ts'

export interface SnapshotFile {
  /**
   * Makes the emulator from what was kept (undefined at the first start), and keeps its state from now on. A snapshot that cannot be
   * read, or that `create` throws at, is set aside and said; the emulator then starts fresh.
   */
  open<E extends Emulator>(create: (snapshot: unknown) => E): Promise<E>
  /** Writes what has not been written yet. */
  flush(): Promise<void>
}

/** An emulator's state on disk, written at most once in `everyMs`: whole or not at all, whenever the process is killed. */
export function createSnapshotFile(path: string, say: (sentence: string) => void, everyMs = 500): SnapshotFile {
  let followed: Emulator | undefined
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()
  let failing = false

  function write(): Promise<void> {
    timer = undefined
    writing = writing.then(replace).catch((error: Error) => {
      if (!failing) say(`The playground's state is not kept at the moment: ${error.message}.`)
      failing = true
    })
    return writing
  }

  async function replace(): Promise<void> {
    await writeFile(`${path}.new`, JSON.stringify(followed?.snapshot()))
    await rename(`${path}.new`, path)
    failing = false
  }

  async function restored<E extends Emulator>(create: (snapshot: unknown) => E): Promise<E | undefined> {
    try {
      return create(JSON.parse(await readFile(path, 'utf8')))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      const aside = `${path}.unreadable`
      await rename(path, aside)
      say(`What the playground kept could not be read (${(error as Error).message}). It was set aside as ${aside}; this part starts fresh.`)
      return undefined
    }
  }

  return {
    async open(create) {
      const emulator = (await restored(create)) ?? create(undefined)
      followed = emulator
      emulator.onChange(() => {
        timer ??= setTimeout(write, everyMs)
      })
      return emulator
    },
    async flush() {
      if (timer) {
        clearTimeout(timer)
        await write()
      }
      await writing
    },
  }
}
