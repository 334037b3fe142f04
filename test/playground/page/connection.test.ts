import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { WebSocketRoute } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { leftOut, noChromium, openBrowser } from './support/browser.ts'
import { openPlayground } from './support/playground.ts'
import { field, message } from './support/stage.ts'

test('the hash that the content policy allows is that of the import map', () => {
  const source = readFileSync(new URL('../../../playground/page/index.html', import.meta.url), 'utf8')
  const map = /<script type="importmap">(.*?)<\/script>/s.exec(source)?.[1] ?? ''
  expect(source).toContain(`'sha256-${createHash('sha256').update(map).digest('base64')}'`)
})

describe.skipIf(noChromium)(`the page's connection${leftOut}`, () => {
  test('while the gateway is away a bar says so; after the resume nothing is missing', async () => {
    const playground = await openPlayground()
    const browser = await openBrowser()
    try {
      const writer = (await browser.open(playground.url, { as: 'playground-operator' })).page
      const { page } = await browser.open(playground.url)
      let gateway: WebSocketRoute | undefined
      let connected = Promise.withResolvers<void>()
      let away = Promise.resolve()
      await page.routeWebSocket(/gateway/, async (route) => {
        await away
        gateway = route
        route.connectToServer()
        connected.resolve()
      })
      await page.reload()
      await connected.promise
      await field(writer).fill('before')
      await field(writer).press('Enter')
      await message(page, 'before').waitFor()

      const back = Promise.withResolvers<void>()
      away = back.promise
      connected = Promise.withResolvers()
      await gateway?.close({ code: 4000 })
      await page.getByText('The connection was lost. Reconnecting…').waitFor()
      await field(writer).fill('meanwhile')
      await field(writer).press('Enter')
      await message(writer, 'meanwhile').waitFor()
      back.resolve()
      await message(page, 'meanwhile').waitFor()
      await page.getByText('The connection was lost').waitFor({ state: 'detached' })
    } finally {
      await browser.close()
      await playground.close()
    }
  })

  test('a playground that restarts is found again, and what was written is fetched anew', async () => {
    const first = await openPlayground()
    const browser = await openBrowser()
    try {
      const { page } = await browser.open(first.url)
      await field(page).fill('kept over the restart')
      await field(page).press('Enter')
      await message(page, 'kept over the restart').waitFor()
      const snapshot = first.discord.snapshot()
      await first.close()
      await page.locator('.connection-bar.shown').waitFor()
      await field(page).fill('into the void')
      await field(page).press('Enter')
      await page.getByRole('alert').getByText('Not sent: the playground cannot be reached.').waitFor()
      const second = await openPlayground({ port: first.port, snapshot })
      try {
        await page.locator('.connection-bar:not(.shown)').waitFor({ state: 'attached' })
        await field(page).press('Enter')
        await message(page, 'into the void').waitFor()
        expect(await page.getByText('kept over the restart').count()).toBe(1)
      } finally {
        await second.close()
      }
    } finally {
      await browser.close()
      await first.close()
    }
  })
})
