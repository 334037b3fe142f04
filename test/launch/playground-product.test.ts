import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { systemClock } from '#src/kernel/clock.ts'
import { createBotProduct } from '#src/launch/bot-product.ts'
import { createPlaygroundProduct } from '#src/launch/playground-product.ts'
import { fixtureRoot } from './launched.ts'
import { until } from './until.ts'

const shared = { say: () => {}, clock: systemClock(), onChange: () => {}, remember: () => {} }

test('stopped while the stores are still being made, the playground begins no bot once they are there', async () => {
  const root = await fixtureRoot()
  const file = (path: string) => pathToFileURL(join(root, path))
  const env = { PATH: process.env.PATH, EVENTS: join(root, 'events'), OPENS_EARLY: '1' }
  const stores = Promise.withResolvers<Record<string, string>>()
  const product = createPlaygroundProduct({
    ...shared,
    file: file('playground/main.ts'),
    bot: file('src/bot.ts'),
    env,
    botLog: join(root, 'bot.log'),
    keepers: () => product.keepers(),
  })
  const started = product.start(stores.promise)
  const { playground, bot } = product.keepers()
  await until(
    () => playground?.current(),
    () => 'the playground runs',
  )
  await playground!.current()!.ready
  await product.stop()
  stores.resolve({})
  await expect(started).rejects.toThrow()
  expect(bot?.current()).toBeUndefined()
})

test('stopped while the stores are still being made, the bot is not begun', async () => {
  const root = await fixtureRoot()
  const stores = Promise.withResolvers<Record<string, string>>()
  const product = createBotProduct({ ...shared, file: pathToFileURL(join(root, 'src/bot.ts')), env: { PATH: process.env.PATH } })
  const started = product.start(stores.promise)
  await product.stop()
  stores.resolve({})
  await expect(started).rejects.toThrow('stopped before')
  expect(product.keepers().bot?.current()).toBeUndefined()
})
