import { describe, expect, test } from 'vitest'
import { violations } from './support/axe.ts'
import { leftOut, noChromium, phone } from './support/browser.ts'
import { field, message, offered, run, useStage } from './support/stage.ts'

describe.skipIf(noChromium)(`axe-core finds nothing${leftOut}`, () => {
  const stage = useStage()

  test('in the channel, with messages of every kind', async () => {
    const page = await stage.open()
    for (const command of ['status', 'pick', 'metrics']) await run(page, command)
    await field(page).fill('/deploy service: voice-processor')
    await page.getByRole('button', { name: 'Send /deploy' }).click()
    await message(page, 'thinking').waitFor()
    expect(await violations(page)).toEqual([])
    stage.bot.finish()
    await message(page, 'Deployed voice-processor').waitFor()
    expect(await violations(page)).toEqual([])
  })

  test('in the pickers', async () => {
    const page = await stage.open()
    await field(page).fill('/')
    await offered(page).first().waitFor()
    expect(await violations(page)).toEqual([])
    await field(page).fill('/deploy ')
    await offered(page, 'voice-processor').waitFor()
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: /Switch account/ }).click()
    await page.getByRole('menuitemradio').first().waitFor()
    expect(await violations(page)).toEqual([])
  })

  test('in a form', async () => {
    const page = await stage.open()
    await run(page, 'form')
    await page.getByRole('dialog').waitFor()
    expect(await violations(page)).toEqual([])
  })

  test('on a phone, drawers included', async () => {
    const page = await stage.open({ size: phone })
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: 'Channels and account' }).click()
    await page.getByRole('dialog').waitFor()
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Services' }).click()
    await page.getByRole('dialog').getByText('Break something').waitFor()
    for (const summary of await page.getByRole('dialog').locator('summary').all()) await summary.click()
    expect(await violations(page)).toEqual([])
  })
})
