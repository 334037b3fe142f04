import type { Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { openBot, type TestBot } from './bot.ts'
import { type Browser, noChromium, type OpenPage, openBrowser } from './browser.ts'
import { openPlayground, type TestPlayground } from './playground.ts'

export interface Stage {
  readonly playground: TestPlayground
  readonly bot: TestBot
  /** Opens a page; it is closed after the test, which fails if the browser complained. */
  open(options?: Parameters<Browser['open']>[1]): Promise<Page>
}

/** A playground with a bot and a browser for one file's tests. Their pages see each other's messages, as in any channel. */
export function useStage(options: { redis?(): string } = {}): Stage {
  let playground: TestPlayground
  let bot: TestBot
  let browser: Browser
  let opened: OpenPage[] = []
  beforeAll(async () => {
    if (noChromium) return
    playground = await openPlayground(options.redis ? { redis: options.redis() } : {})
    bot = await openBot(playground)
    browser = await openBrowser()
  })
  afterEach(async () => {
    const closing = opened
    opened = []
    for (const { page } of closing) await page.close()
    expect(closing.flatMap(({ complaints }) => complaints)).toEqual([])
  })
  afterAll(async () => {
    if (noChromium) return
    await browser.close()
    await bot.close()
    await playground.close()
  })
  return {
    get playground() {
      return playground
    },
    get bot() {
      return bot
    },
    async open(options) {
      const one = await browser.open(playground.url, options)
      opened.push(one)
      return one.page
    },
  }
}

/** The field for plain text. */
export const field = (page: Page) => page.getByRole('textbox', { name: /^Message #/ })

/** What the list above the composer offers. */
export const offered = (page: Page, name?: string | RegExp) =>
  page.locator('.suggestions').getByRole('option', name === undefined ? {} : { name, exact: typeof name === 'string' })

/** As `expect.poll`, with the patience that a busy machine needs. */
export const soon = <Value>(read: () => Value | Promise<Value>) => expect.poll(read, { timeout: 10_000 })

/** Whether it has the focus. */
export const isFocused = (one: Locator) => one.evaluate((element) => element === document.activeElement)

/** Runs a command that needs no option, by keyboard. */
export async function run(page: Page, name: string): Promise<void> {
  await field(page).fill(`/${name}`)
  await offered(page, new RegExp(`^/${name}`)).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('combobox', { name: `Enter sends /${name}` }).press('Enter')
}

/** The newest message that contains the text. */
export const message = (page: Page, text: string | RegExp) => page.getByRole('log').locator('li.message').filter({ hasText: text }).last()
