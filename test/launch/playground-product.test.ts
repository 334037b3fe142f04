import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { systemClock } from '#src/kernel/clock.ts'
import { createPlaygroundProduct } from '#src/launch/playground-product.ts'
import { eventsOf, fixtureRoot } from './launched.ts'
import { until } from './until.ts'

/** Says that it is open only when it is asked to end, as one that was just about to. */
const late = `
import { appendFileSync } from 'node:fs'
process.channel.ref()
process.on('SIGTERM', () => process.send({ ready: true, url: 'http://127.0.0.1:1', bot: {} }, () => process.exit(0)))
appendFileSync(process.env.EVENTS, 'playground-waits ' + process.pid + '\\n')
`

test('a playground that opens while everything is being stopped gets no bot any more', async () => {
  const root = await fixtureRoot()
  await writeFile(join(root, 'playground/main.ts'), late)
  const file = (path: string) => pathToFileURL(join(root, path))
  const product = createPlaygroundProduct({
    ...{ say: () => {}, onChange: () => {}, remember: () => {}, clock: systemClock(), botLog: join(root, 'bot.log') },
    ...{ file: file('playground/main.ts'), bot: file('src/bot.ts') },
    env: { PATH: process.env.PATH, EVENTS: join(root, 'events') },
    keepers: () => product.keepers(),
  })
  const started = product.start(Promise.resolve({})).catch((error: Error) => error)
  await until(
    () => eventsOf(root, 'playground-waits')[0],
    () => 'the playground runs',
  )
  await product.stop()
  expect(await started).toBeInstanceOf(Error)
  expect([product.keepers().bot!.current(), eventsOf(root, 'bot-begins')]).toEqual([undefined, []])
})
