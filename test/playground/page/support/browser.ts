import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'

const chromiumPath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
export const noChromium = !existsSync(chromiumPath)
/** Stands in the name of what is skipped. */
export const leftOut = noChromium ? ` (left out: there is no Chromium at ${chromiumPath})` : ''

export const wide = { width: 1440, height: 900 }
export const phone = { width: 390, height: 844 }

export interface Browser {
  /** A new page of the playground, as that account, and what went wrong on it so far. */
  open(
    url: string,
    options?: { readonly as?: string; readonly size?: { readonly width: number; readonly height: number } },
  ): Promise<OpenPage>
  close(): Promise<void>
}

export interface OpenPage {
  readonly page: Page
  readonly complaints: readonly string[]
}

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A microphone that nobody has to plug in or permit; without a file it beeps.
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
]

/** Debian's Chromium with an empty profile of its own. `microphone`: a WAVE file that its microphone hears, again and again. */
export async function openBrowser({ microphone }: { readonly microphone?: string } = {}): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'helix-chromium-'))
  const context: BrowserContext = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumPath,
    headless: true,
    args: [...flags, ...(microphone ? [`--use-file-for-fake-audio-capture=${microphone}`] : [])],
  })
  context.setDefaultTimeout(30_000)
  return {
    async open(url, { as = 'playground-admin', size = wide } = {}) {
      const page = await context.newPage()
      await page.setViewportSize(size)
      const complaints: string[] = []
      page.on('pageerror', (error) => complaints.push(String(error)))
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
      await page.goto(`${url}/?as=${as}`)
      await page.getByRole('heading', { level: 1, name: 'general' }).waitFor()
      return { page, complaints }
    },
    async close() {
      await context.close()
      rmSync(profile, { recursive: true, force: true })
    },
  }
}
