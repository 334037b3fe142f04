import { u8, u16 } from './dave/bytes.ts'

type Payload = string | Buffer

/** What a client is told with a number, kept until it says that it has it, so that it can be told again after a resume. */
export interface Numbered {
  json(op: number, d: unknown): void
  binary(op: number, body: Buffer): void
  /** The client has all up to that number. */
  acknowledge(sequence: number): void
  /** What came after that number (-1: all); undefined where that is not known any more. */
  since(sequence: number): readonly Payload[] | undefined
}

const mostKept = 1_000

export function createNumbered(send: (payload: Payload) => void): Numbered {
  let kept: { readonly sequence: number; readonly payload: Payload }[] = []
  let last = 0
  let forgotten = 0

  function keep(payload: Payload): void {
    kept.push({ sequence: last, payload })
    if (kept.length > mostKept) forgotten = kept.shift()!.sequence
    send(payload)
  }
  const step = () => {
    // Sixteen bits, as in binary messages; 0 would read as "no number".
    last = (last % 0xffff) + 1
    return last
  }
  const placeOf = (sequence: number) => kept.findIndex((each) => each.sequence === sequence)

  return {
    json: (op, d) => keep(JSON.stringify({ seq: step(), op, d })),
    binary: (op, body) => keep(Buffer.concat([u16(step()), u8(op), body])),
    acknowledge(sequence) {
      const place = placeOf(sequence)
      if (place === -1) return
      forgotten = sequence
      kept = kept.slice(place + 1)
    },
    since(sequence) {
      const place = placeOf(sequence)
      if (place === -1 && sequence !== forgotten && !(sequence <= 0 && forgotten === 0)) return undefined
      return kept.slice(place + 1).map(({ payload }) => payload)
    },
  }
}
