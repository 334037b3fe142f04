import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isAlive } from '#src/launch/living-process.ts'
import { fixtureRoot, startLauncher } from './launched.ts'
import { until } from './until.ts'

/** Nobody connects: enough that they are given. */
const given = { DATABASE_URL: 'postgres://helix@127.0.0.1:1/helix', REDIS_URL: 'redis://127.0.0.1:1' }

function postgresPid(root: string, folder = 'playground'): Promise<number> {
  return readFile(join(root, `.helix/${folder}/postgres/data/postmaster.pid`), 'utf8').then((text) => Number.parseInt(text, 10))
}

describe('npm start', { timeout: 60_000 }, () => {
  test('without a token: stores are provided and said, the playground opens, the bot is pointed at it; Ctrl-C ends all of it in order', async () => {
    const root = await fixtureRoot()
    const helix = startLauncher(root)
    const [, url] = await helix.says(/Helix is ready in [\d.]+ s: open (http:\S+)/)
    expect(helix.output()).toMatch(/^PostgreSQL: embedded/m)
    expect(helix.output()).toMatch(/^Redis: /m)
    const bot = await helix.sees('bot-begins')
    expect(JSON.parse(bot.about)).toMatchObject({ role: 'all', at: `${url}/api`, key: 43, database: expect.stringMatching(/^postgres:/) })
    expect(helix.output()).not.toContain(JSON.parse(bot.about).database)
    expect((await stat(join(root, '.helix/playground/secrets.json'))).mode & 0o777).toBe(0o600)
    const postgres = await postgresPid(root)

    // The launcher replaces a database that was killed, where its clients look for it.
    process.kill(postgres, 'SIGKILL')
    await helix.says(/PostgreSQL runs again/)
    const replaced = await postgresPid(root)

    helix.launcher.kill('SIGINT')
    expect(await helix.exit).toBe(0)
    const order = (await readFile(join(root, 'events'), 'utf8')).split('\n').map((line) => line.split(' ')[0])
    expect(order.slice(-3)).toEqual(['bot-ends', 'playground-ends', ''])
    for (const pid of [postgres, replaced, bot.pid]) expect(isAlive(pid)).toBe(false)

    // Killed, it cannot stop anything: programs end by themselves, and the next start ends the database.
    const second = startLauncher(root)
    await second.says(/Helix is ready/)
    const [left, survivor] = [await second.sees('bot-begins', 2), await postgresPid(root)]
    second.launcher.kill('SIGKILL')
    await until(
      () => !isAlive(left.pid),
      () => 'the bot ends by itself',
    )
    const third = startLauncher(root)
    await third.says(/Helix is ready/)
    expect(third.output()).toContain('A PostgreSQL that an earlier start left running was stopped.')
    expect(isAlive(survivor)).toBe(false)
    third.launcher.kill('SIGTERM')
    expect(await third.exit).toBe(0)
  })

  test('Ctrl-C straight after the start leaves a new database to be written out another time, silently', async () => {
    const helix = startLauncher(await fixtureRoot())
    await helix.says(/^PostgreSQL: /m)
    helix.ctrlC()
    expect(await helix.exit).toBe(0)
    expect(helix.output()).not.toMatch(/cannot|could not|error/i)
  })

  test('a bot that was killed is started again, and said', async () => {
    const helix = startLauncher(await fixtureRoot(), given)
    await helix.says(/Helix is ready/)
    process.kill((await helix.sees('bot-begins')).pid, 'SIGKILL')
    await helix.says(/The bot ended unasked \(killed by SIGKILL\). It is started again in 0.2 s./)
    await helix.says(/The bot runs again/)
    expect((await helix.sees('bot-begins', 2)).pid).not.toBe((await helix.sees('bot-begins')).pid)
  })

  test('a playground that was killed opens again on its port, and the bot stays', async () => {
    const helix = startLauncher(await fixtureRoot(), given)
    await helix.says(/Helix is ready/)
    const opened = await helix.sees('playground-opens')
    process.kill(opened.pid, 'SIGKILL')
    await helix.says(/The playground ended unasked \(killed by SIGKILL\)/)
    expect((await helix.sees('playground-opens', 2)).about).toBe(opened.about)
    expect(helix.events('bot-begins')).toHaveLength(1)
  })

  test('two playgrounds side by side keep their data apart', async () => {
    const root = await fixtureRoot()
    const [one, two] = [startLauncher(root, given), startLauncher(root, given)]
    await Promise.all([one.says(/Helix is ready/), two.says(/Helix is ready/)])
    await Promise.all([stat(join(root, '.helix/playground')), stat(join(root, '.helix/playground-2'))])
    for (const { launcher } of [one, two]) launcher.kill('SIGTERM')
    expect(await Promise.all([one.exit, two.exit])).toEqual([0, 0])
  })

  test('a second Ctrl-C ends what does not end by itself', async () => {
    const helix = startLauncher(await fixtureRoot(), { ...given, STUBBORN: '1' })
    await helix.says(/Helix is ready/)
    const { pid } = await helix.sees('bot-begins')
    helix.launcher.kill('SIGINT')
    await helix.sees('bot-ends')
    const repeated = setInterval(() => helix.launcher.kill('SIGINT'), 50)
    void helix.exit.then(() => clearInterval(repeated))
    expect(await helix.exit).toBe(130)
    await until(
      () => !isAlive(pid),
      () => 'the bot is gone',
    )
  })

  test('a bot that cannot start at all ends the start, with what it said', async () => {
    const helix = startLauncher(await fixtureRoot(), { ...given, REFUSE: '1' })
    expect(await helix.exit).toBe(1)
    expect(helix.output()).toContain('Helix did not start: one of its programs ended before it was ready (exit code 1).')
    expect(helix.events('playground-ends')).toHaveLength(1)
  })

  test('with a token the bot runs by itself, once', async () => {
    const root = await fixtureRoot()
    const helix = startLauncher(root, { ...given, DISCORD_BOT_TOKEN: 'a-token' })
    await helix.says(/Helix is ready/)
    expect(helix.events('playground-opens')).toEqual([])
    const second = startLauncher(root, { ...given, DISCORD_BOT_TOKEN: 'a-token' })
    expect(await second.exit).toBe(1)
    expect(second.output()).toContain('another start of this bot')
    helix.launcher.kill('SIGTERM')
    expect(await helix.exit).toBe(0)
  })

  test('in production nothing is provided and no secret is made: the bot names what is missing', async () => {
    const root = await fixtureRoot()
    const helix = startLauncher(root, { NODE_ENV: 'production' })
    const bot = await helix.sees('bot-begins')
    expect(JSON.parse(bot.about)).toEqual({})
    expect(helix.output()).not.toMatch(/PostgreSQL|Redis/)
    await expect(stat(join(root, '.helix/bot'))).rejects.toThrow('ENOENT')
    helix.launcher.kill('SIGTERM')
    expect(await helix.exit).toBe(0)
  })

  test('PLAYGROUND_SPLIT=1 runs gateway and worker as two processes', async () => {
    const helix = startLauncher(await fixtureRoot(), { ...given, PLAYGROUND_SPLIT: '1' })
    await helix.says(/Helix is ready/)
    expect(
      helix
        .events('bot-begins')
        .map(({ about }) => JSON.parse(about).role)
        .sort(),
    ).toEqual(['gateway', 'worker'])
  })
})
