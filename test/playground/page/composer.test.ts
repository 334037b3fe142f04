import { describe, expect, test } from 'vitest'
import { leftOut, noChromium } from './support/browser.ts'
import { field, isFocused, message, offered, soon, useStage } from './support/stage.ts'

describe.skipIf(noChromium)(`the composer${leftOut}`, () => {
  const stage = useStage()
  const newRuns = (before: number) => stage.bot.ran.slice(before)

  test('a command is picked, completed with suggestions of the bot and sent, by keyboard alone; its answer is edited live', async () => {
    const page = await stage.open()
    await field(page).focus()
    await page.keyboard.type('/')
    await soon(() => offered(page).count()).toBe(8)
    await page.getByText('Deploy a service and follow it').waitFor()
    await page.keyboard.type('de')
    await page.keyboard.press('Tab')
    await offered(page, 'agent-orchestrator').waitFor()
    await page.keyboard.type('voice')
    await soon(() => offered(page).allTextContents()).toEqual(['voice-processor'])
    await page.keyboard.press('Enter')
    await soon(() => page.getByRole('combobox', { name: 'service' }).inputValue()).toBe('voice-processor')
    await page.getByRole('combobox', { name: /^Further options for \/deploy, 3 left/ }).press('Enter')
    const answer = message(page, 'used /deploy')
    await answer.getByText('Helix is thinking…').waitFor()
    stage.bot.finish()
    await answer.getByText('Deployed voice-processor for @Ada (admin), 2 minutes ago').waitFor()
    expect(stage.bot.ran).toContain('deploy {"service":"voice-processor"}')
  })

  test('required options are asked for before anything is sent', async () => {
    const page = await stage.open()
    const before = stage.bot.ran.length
    await field(page).fill('/scale ')
    await page.getByRole('combobox', { name: 'service' }).waitFor()
    await page.getByRole('button', { name: 'Send /scale' }).click()
    await page.getByRole('alert').getByText('This option is required.').waitFor()
    await soon(() => isFocused(page.getByRole('combobox', { name: 'service' }))).toBe(true)
    await page.keyboard.type('voice')
    await offered(page, 'voice-processor').click()
    await page.getByRole('combobox', { name: 'replicas' }).fill('99')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').getByText('At most 20.').waitFor()
    expect(newRuns(before)).toEqual([])
    await page.getByRole('combobox', { name: 'replicas' }).fill('3')
    await page.keyboard.press('Enter')
    await soon(() => newRuns(before)).toEqual(['scale {"service":"voice-processor","replicas":3}'])
  })

  test('optional options are offered, choices and booleans as lists, and can be taken away again', async () => {
    const page = await stage.open()
    const before = stage.bot.ran.length
    await field(page).fill('/deploy service: voice-processor')
    const further = page.getByRole('combobox', { name: /^Further options/ })
    await further.click()
    await offered(page, /^dry-run/).click()
    await offered(page, 'True').click()
    await further.click()
    await offered(page, /^environment/).click()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Tab')
    await soon(() => page.getByRole('combobox', { name: 'environment' }).inputValue()).toBe('staging')
    await page.getByRole('button', { name: 'Remove dry-run' }).click()
    await further.press('Enter')
    await soon(() => newRuns(before)).toEqual(['deploy {"service":"voice-processor","environment":"staging"}'])
    stage.bot.finish()
  })

  test('no suggestions are said to be none', async () => {
    const page = await stage.open()
    await field(page).fill('/rollback service: x deployment: y')
    await page.getByRole('combobox', { name: 'deployment' }).click()
    await page.getByText('No options match your search.').waitFor()
  })

  test('Escape leaves the command and loses nothing that was typed', async () => {
    const page = await stage.open()
    await field(page).fill('/scale ')
    await page.getByRole('combobox', { name: 'service' }).fill('voice')
    await page.keyboard.press('Escape')
    await soon(() => field(page).inputValue()).toBe('/scale service: voice')
    await soon(() => isFocused(field(page))).toBe(true)
  })

  test('an unknown command is not posted as a message', async () => {
    const page = await stage.open()
    await field(page).fill('/depoly now')
    await field(page).press('Enter')
    await page.getByRole('alert').getByText('There is no command /depoly. Nothing was sent.').waitFor()
    expect(await field(page).inputValue()).toBe('/depoly now')
  })

  test('a plain message is sent; markup in it stays text', async () => {
    const page = await stage.open()
    const text = `<img src=x onerror="document.title='hacked'"> [x](javascript:alert(1)) ${Date.now()}`
    await field(page).fill(text)
    await field(page).press('Enter')
    await message(page, text).waitFor()
    expect(await page.locator('.log img').count()).toBe(0)
    expect(await page.title()).toBe('#general | Helix Playground')
    expect(await field(page).inputValue()).toBe('')
  })
})
