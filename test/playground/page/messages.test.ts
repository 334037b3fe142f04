import { describe, expect, test } from 'vitest'
import { leftOut, noChromium } from './support/browser.ts'
import { botToken } from './support/playground.ts'
import { field, isFocused, message, run, soon, useStage } from './support/stage.ts'

const general = '1100000000000000301'

describe.skipIf(noChromium)(`messages${leftOut}`, () => {
  const stage = useStage()

  async function deployed() {
    const page = await stage.open()
    await field(page).fill('/deploy service: voice-processor')
    await page.getByRole('button', { name: 'Send /deploy' }).click()
    const id = await message(page, 'Helix is thinking…').getAttribute('data-message')
    stage.bot.finish()
    const answer = page.locator(`[data-message="${id}"]`)
    await answer.getByText('Deployed voice-processor').waitFor()
    return { page, answer }
  }

  test('an embed shows its title, fields side by side, diff and footer; the answer says who asked', async () => {
    const { answer } = await deployed()
    await answer.locator('.used').filter({ hasText: 'Ada (admin) used /deploy' }).waitFor()
    await answer.getByText('APP').waitFor()
    expect(await answer.locator('.removed').textContent()).toBe('- REPLICAS=1\n')
    expect(await answer.locator('.embed-footer').textContent()).toBe('operation 7')
    const tops = await answer.locator('.embed-field').evaluateAll((fields) => fields.map((one) => one.getBoundingClientRect().top))
    expect(new Set(tops).size).toBe(1)
    expect(await answer.locator('.embed').evaluate((embed) => getComputedStyle(embed).borderInlineStartColor)).toBe('rgb(36, 128, 74)')
    expect(await answer.locator('img').count()).toBe(0)
  })

  test('a button is pressed and the message edited in place', async () => {
    const { page, answer } = await deployed()
    expect(await answer.getByRole('button', { name: 'Not now' }).isDisabled()).toBe(true)
    expect(await answer.getByRole('link', { name: 'Open' }).getAttribute('rel')).toBe('noopener noreferrer')
    await answer.getByRole('button', { name: 'Confirm' }).press('Enter')
    const after = message(page, 'Confirmed.')
    await after.getByText('(edited)').waitFor()
    expect(await after.getByRole('button').count()).toBe(0)
  })

  test('a press that nobody answers waits with a spinner, then says that it failed', async () => {
    const { answer } = await deployed()
    const button = answer.getByRole('button', { name: 'Fail' })
    await button.click()
    await soon(() => button.getAttribute('aria-busy')).toBe('true')
    await answer.getByText('This interaction failed').waitFor()
    expect(await button.getAttribute('aria-busy')).toBe('false')
  })

  test('a thread opens from its message, shows what is written in it, and leads back', async () => {
    const page = await stage.open()
    const asBot = async (path: string, body: object) => {
      const answer = await fetch(`${stage.playground.url}/api/v10/channels/${path}`, {
        method: 'POST',
        headers: {
          authorization: `Bot ${botToken}`,
          'content-type': 'application/json',
          'user-agent': 'DiscordBot (https://helix.test, 1)',
        },
        body: JSON.stringify(body),
      })
      return (await answer.json()) as { readonly id: string }
    }
    const { id } = await asBot(`${general}/messages`, { content: 'Incident 7: api is down' })
    await asBot(`${general}/messages/${id}/threads`, { name: 'Incident 7' })
    await asBot(`${id}/messages`, { content: 'Ada acknowledged it.' })
    const link = message(page, 'Incident 7: api is down').getByRole('button', { name: /Thread: Incident 7 · 1 message/ })
    await link.click()
    await page.getByRole('heading', { level: 1, name: 'Incident 7' }).waitFor()
    await message(page, 'Ada acknowledged it.').waitFor()
    await asBot(`${id}/messages`, { content: 'It is over.' })
    await message(page, 'It is over.').waitFor()
    await page.getByRole('button', { name: '#general' }).first().click()
    await message(page, 'Incident 7: api is down')
      .getByRole('button', { name: /2 messages/ })
      .waitFor()
  })

  test('a command that nobody answers says so', async () => {
    const page = await stage.open()
    await run(page, 'silent')
    await message(page, 'Sending command…').waitFor()
    const failed = message(page, 'The application did not respond')
    await failed.getByRole('button', { name: 'Dismiss' }).click()
    await failed.waitFor({ state: 'detached' })
  })

  test('an ephemeral answer is marked, seen by its reader alone, and can be dismissed', async () => {
    const other = await stage.open({ as: 'playground-viewer' })
    const page = await stage.open()
    await run(page, 'status')
    const answer = message(page, 'All is well.')
    await answer.getByText('Only you can see this').waitFor()
    await run(page, 'pick')
    await message(other, 'Which one?').waitFor()
    expect(await other.getByText('All is well.').count()).toBe(0)
    await answer.getByRole('button', { name: 'Dismiss' }).click()
    await answer.waitFor({ state: 'detached' })
  })

  test('a picture has the words that describe it, and is shown once', async () => {
    const page = await stage.open()
    await run(page, 'metrics')
    const answer = message(page, 'CPU over an hour')
    await expect
      .poll(() =>
        answer.getByRole('img', { name: 'CPU rose from 10 to 60 percent' }).evaluate((one) => (one as HTMLImageElement).naturalWidth),
      )
      .toBe(1)
    expect(await answer.getByRole('img').count()).toBe(1)
  })

  test('a menu is worked by keyboard', async () => {
    const page = await stage.open()
    await run(page, 'pick')
    const menu = message(page, 'Which one?').getByRole('button', { name: 'Look closer' })
    await menu.press('Enter')
    await page.getByRole('listbox', { name: 'Look closer' }).press('ArrowDown')
    await page.keyboard.press('Enter')
    await message(page, 'Chosen: two').waitFor()
  })

  test('a form opens with the focus in it, holds it, and is sent', async () => {
    const page = await stage.open()
    await run(page, 'form')
    const dialog = page.getByRole('dialog', { name: 'Set a variable' })
    await soon(() => isFocused(dialog.getByRole('textbox', { name: 'Name' }))).toBe(true)
    await dialog.getByRole('button', { name: 'Submit' }).click()
    expect(await dialog.isVisible()).toBe(true)
    await dialog.getByRole('textbox', { name: 'Name' }).fill('REGION')
    await page.keyboard.press('Enter')
    await message(page, 'Saved REGION').getByText('Only you can see this').waitFor()
    expect(await dialog.count()).toBe(0)
    await run(page, 'form')
    await dialog.waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await soon(() => page.evaluate(() => document.activeElement?.tagName)).toBe('TEXTAREA')
  })

  test('a command named in a message leads to the composer', async () => {
    const { page, answer } = await deployed()
    await answer.getByRole('button', { name: '/status' }).click()
    await expect
      .poll(() => page.getByRole('combobox', { name: 'Enter sends /status' }).evaluate((one) => one === document.activeElement))
      .toBe(true)
  })
})
