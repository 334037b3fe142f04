import { type FSWatcher, watch } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import type { Store } from '#src/adapters/store/store.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import { createLoop } from '#src/kernel/loop.ts'
import { type FileRules, RulesFault, readRules } from './read-rules.ts'

export interface RulesFile {
  readonly path: string
  /** What counts: of the last text that could be read; undefined where there is no file. */
  current(): FileRules | undefined
  /** Why the file as it is now does not count; undefined where it does, or there is none. */
  fault(): string | undefined
  /** Has read the file once by the time that it resolves, and reads it again whenever it changes. */
  start(): Promise<void>
  stop(): Promise<void>
}

export interface RulesFileParts {
  readonly path: string
  readonly store: Pick<Store, 'db'>
  readonly clock: Clock
  readonly log: Log
}

/** The file system tells of most changes; a folder over a network tells of none. */
const pollMs = 30_000
/** Whoever writes a file writes it in pieces. */
const settleMs = 200
const mostBytes = 262_144

/** Rules as code. A file that cannot be read as rules changes nothing: the last that could holds, over restarts too. */
export function createRulesFile({ path: given, store, clock, log }: RulesFileParts): RulesFile {
  const path = resolve(given)
  let known: { readonly text: string | undefined; readonly rules: FileRules | undefined } | undefined
  let fault: string | undefined
  let isKept = false
  let watcher: FSWatcher | undefined

  async function look(): Promise<void> {
    try {
      const text = await textOf(path)
      if (known && text === known.text && fault === undefined && isKept) return
      const rules = text === undefined ? undefined : readRules(text)
      if (known?.text !== text) log.info({ path, rules: rules?.rules.length ?? 0 }, 'the alert rules of a file were read')
      known = { text, rules }
      fault = undefined
      isKept = false
      await keep(text)
      isKept = true
    } catch (error) {
      if (!(error instanceof RulesFault)) throw error
      known ??= await remembered()
      if (fault !== error.message)
        log.warn({ path, fault: error.message }, 'a file of alert rules cannot be read: the rules of before hold')
      fault = error.message
    }
  }

  async function remembered() {
    const row = await store.db.selectFrom('alert_files').select('text').where('path', '=', path).executeTakeFirst()
    try {
      return { text: row?.text, rules: row && readRules(row.text) }
    } catch (error) {
      // Another version of Helix could read it.
      if (error instanceof RulesFault) return { text: undefined, rules: undefined }
      throw error
    }
  }

  async function keep(text: string | undefined): Promise<void> {
    if (text === undefined) return void (await store.db.deleteFrom('alert_files').where('path', '=', path).execute())
    const row = { text, read_at: clock.now() }
    await store.db
      .insertInto('alert_files')
      .values({ path, ...row })
      .onConflict((conflict) => conflict.column('path').doUpdateSet(row))
      .execute()
  }

  function attend(): void {
    if (watcher) return
    try {
      watcher = watch(dirname(path), { persistent: false }, (_, file) => {
        if (file === null || file === basename(path)) loop.wake()
      })
      watcher.on('error', () => {
        watcher?.close()
        watcher = undefined
      })
    } catch (err) {
      log.debug({ err, path }, 'a folder cannot be watched: its file is looked at now and then')
    }
  }

  const looked = () => look().catch((err: unknown) => void log.warn({ err, path }, 'a file of alert rules could not be looked at'))
  const loop = createLoop(async (signal) => {
    await clock.sleep(settleMs, signal)
    attend()
    await looked()
    return pollMs
  }, clock)

  return {
    path,
    current: () => known?.rules,
    fault: () => fault,
    async start() {
      await looked()
      attend()
      loop.start()
    },
    async stop() {
      watcher?.close()
      await loop.stop()
    },
  }
}

/** Undefined where there is none. Throws RulesFault for one that is there and cannot be read. */
async function textOf(path: string): Promise<string | undefined> {
  try {
    const file = await open(path)
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(mostBytes + 1), 0, mostBytes + 1, 0)
      if (bytesRead > mostBytes) throw new RulesFault(`line 1: the file has more than ${mostBytes / 1_024} KB`)
      const text = buffer.toString('utf8', 0, bytesRead)
      if (text.includes('\0')) throw new RulesFault('line 1: the file is no text')
      return text
    } finally {
      await file.close()
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    if (code !== undefined) throw new RulesFault(`line 1: the file cannot be read (${code})`)
    throw error
  }
}
