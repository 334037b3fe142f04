import { expect, test } from 'vitest'
import { createGateway, type Link } from '#playground/page/session/gateway.ts'

/** A gateway whose other side and timers the test moves by hand. */
function openGateway() {
  const sockets: FakeSocket[] = []
  const timers: { readonly action: () => void; readonly delay: number; cancelled: boolean }[] = []
  const links: Link[] = []
  const events: string[] = []
  const gateway = createGateway({
    url: async () => 'ws://gateway',
    token: 'playground-admin',
    socket: (url) => {
      const socket = new FakeSocket(url)
      sockets.push(socket)
      return socket as unknown as WebSocket
    },
    later(action, delay) {
      const timer = { action, delay, cancelled: false }
      timers.push(timer)
      return () => {
        timer.cancelled = true
      }
    },
    onEvent: (name) => void events.push(name),
    onLink: (link) => void links.push(link),
  })
  const fire = async () => {
    for (const { cancelled, action } of timers.splice(0)) if (!cancelled) action()
    await settled()
  }
  return { gateway, sockets, links, events, fire }
}

class FakeSocket {
  static readonly OPEN = 1
  readonly readyState = 1
  readonly sent: { op: number; d: unknown }[] = []
  readonly url: string
  closedWith: number | undefined
  onmessage: ((event: { data: string }) => void) | undefined
  onclose: ((event: { code: number }) => void) | undefined
  constructor(url: string) {
    this.url = url
  }
  send(text: string) {
    this.sent.push(JSON.parse(text))
  }
  close(code: number) {
    this.closedWith = code
    this.onclose?.({ code })
  }
  frame(frame: object) {
    this.onmessage?.({ data: JSON.stringify(frame) })
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

async function openLive() {
  const opened = openGateway()
  await settled()
  const [socket] = opened.sockets
  socket!.frame({ op: 10, d: { heartbeat_interval: 1_000 } })
  socket!.frame({ op: 0, t: 'READY', s: 1, d: { session_id: 's1' } })
  return { ...opened, socket: socket! }
}

test('it identifies with the bare token and is live with READY', async () => {
  const { socket, links, events } = await openLive()
  expect(socket.sent[0]).toMatchObject({ op: 2, d: { token: 'playground-admin' } })
  expect(links).toEqual(['connecting', 'live'])
  expect(events).toEqual(['READY'])
})

test('a connection that breaks is resumed where it stood', async () => {
  const { socket, sockets, links, fire } = await openLive()
  socket.frame({ op: 0, t: 'MESSAGE_CREATE', s: 5, d: {} })
  socket.close(1006)
  expect(links.at(-1)).toBe('lost')
  await fire()
  sockets[1]!.frame({ op: 10, d: { heartbeat_interval: 1_000 } })
  expect(sockets[1]!.sent[0]).toEqual({ op: 6, d: { token: 'playground-admin', session_id: 's1', seq: 5 } })
  sockets[1]!.frame({ op: 0, t: 'RESUMED', s: 6, d: {} })
  expect(links.at(-1)).toBe('live')
})

test('a session that is gone is begun anew', async () => {
  const { socket, sockets, fire } = await openLive()
  socket.close(1006)
  await fire()
  sockets[1]!.frame({ op: 10, d: { heartbeat_interval: 1_000 } })
  sockets[1]!.frame({ op: 9, d: false })
  expect(sockets[1]!.sent.map(({ op }) => op)).toEqual([6, 2])
})

test('the server asks to reconnect: it resumes', async () => {
  const { socket, sockets, fire } = await openLive()
  socket.frame({ op: 7, d: null })
  expect(socket.closedWith).toBe(4000)
  await fire()
  sockets[1]!.frame({ op: 10, d: { heartbeat_interval: 1_000 } })
  expect(sockets[1]!.sent[0]?.op).toBe(6)
})

test('a heartbeat that is not answered ends the connection, not the session', async () => {
  const { socket, sockets, fire } = await openLive()
  await fire()
  expect(socket.sent.at(-1)).toEqual({ op: 1, d: 1 })
  await fire()
  expect(socket.closedWith).toBe(4000)
  await fire()
  expect(sockets).toHaveLength(2)
})

test('an answered heartbeat goes on', async () => {
  const { socket, fire } = await openLive()
  await fire()
  socket.frame({ op: 11 })
  await fire()
  expect(socket.closedWith).toBeUndefined()
  expect(socket.sent.filter(({ op }) => op === 1)).toHaveLength(2)
})

test('a token that is refused is not tried again', async () => {
  const { socket, sockets, links, fire } = await openLive()
  socket.close(4004)
  await fire()
  expect(links.at(-1)).toBe('refused')
  expect(sockets).toHaveLength(1)
})

test('closed by its owner, it stays closed', async () => {
  const { gateway, socket, sockets, fire } = await openLive()
  gateway.close()
  expect(socket.closedWith).toBe(1000)
  await fire()
  expect(sockets).toHaveLength(1)
})
