import { generateKeyPairSync, sign } from 'node:crypto'
import { u8, u16, u32, u64, vector } from './bytes.ts'

const MLS_1_0 = 1
const PUBLIC_MESSAGE = 1
const BASIC_CREDENTIAL = 1
const SENDER_EXTERNAL = 2
const CONTENT_PROPOSAL = 2
const ADD = 1
const REMOVE = 3

/** A group as proposals name it: its channel, and its epoch. */
export interface Epoch {
  readonly channel: string
  readonly epoch: bigint
}

/**
 * The voice server's share of end-to-end encryption: it is in no group, but alone may propose who joins and leaves. Proposals are
 * `MLSMessage`s as op 27 carries them: https://daveprotocol.com, RFC 9420 sections 6 and 12.1.
 */
export interface ExternalSender {
  /** The package of op 25. */
  readonly serialized: Buffer
  add(group: Epoch, keyPackage: Uint8Array): Buffer
  remove(group: Epoch, leaf: number): Buffer
}

export function createExternalSender(): ExternalSender {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const uncompressed = Buffer.concat([u8(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')])

  function proposal({ channel, epoch }: Epoch, body: Buffer): Buffer {
    const content = Buffer.concat([
      vector(u64(BigInt(channel))),
      u64(epoch),
      u8(SENDER_EXTERNAL),
      u32(0), // The first and only external sender.
      vector(), // No additional data.
      u8(CONTENT_PROPOSAL),
      body,
    ])
    const message = Buffer.concat([u16(MLS_1_0), u16(PUBLIC_MESSAGE), content])
    const signed = Buffer.concat([vector(Buffer.from('MLS 1.0 FramedContentTBS')), vector(message)])
    return Buffer.concat([message, vector(sign('sha256', signed, privateKey))])
  }

  return {
    serialized: Buffer.concat([vector(uncompressed), u16(BASIC_CREDENTIAL), vector(u64(0n))]),
    add: (group, keyPackage) => proposal(group, Buffer.concat([u16(ADD), keyPackage])),
    remove: (group, leaf) => proposal(group, Buffer.concat([u16(REMOVE), u32(leaf)])),
  }
}
