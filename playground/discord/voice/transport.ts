import { createCipheriv, createDecipheriv } from 'node:crypto'
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'

/** As the voice server offers them, the preferred first: https://docs.discord.com/developers/topics/voice-connections#transport-encryption-modes */
export const transportModes = ['aead_aes256_gcm_rtpsize', 'aead_xchacha20_poly1305_rtpsize'] as const
export type TransportMode = (typeof transportModes)[number]

const TAG_BYTES = 16
const COUNTER_BYTES = 4

/** Encryption between the voice server and one client. */
export interface Transport {
  /** The datagram: header in clear, then ciphertext, tag and the counter that the nonce is made of. */
  seal(header: Buffer, content: Buffer): Buffer
  /** The content of a datagram whose header has that length; undefined where it was not made with this key. */
  open(datagram: Buffer, headerBytes: number): Buffer | undefined
}

export function createTransport(mode: TransportMode, key: Buffer): Transport {
  const cipher = mode === 'aead_aes256_gcm_rtpsize' ? aesGcm(key) : xchacha(key)
  let counter = 0
  return {
    seal(header, content) {
      counter = (counter + 1) >>> 0
      const suffix = Buffer.alloc(COUNTER_BYTES)
      suffix.writeUInt32BE(counter)
      return Buffer.concat([header, cipher.encrypt(suffix, header, content), suffix])
    },
    open(datagram, headerBytes) {
      if (datagram.length < headerBytes + TAG_BYTES + COUNTER_BYTES) return undefined
      const end = datagram.length - COUNTER_BYTES
      try {
        return cipher.decrypt(datagram.subarray(end), datagram.subarray(0, headerBytes), datagram.subarray(headerBytes, end))
      } catch {
        // Both ciphers throw where the tag does not fit: somebody else's datagram, or a damaged one.
        return undefined
      }
    },
  }
}

interface Cipher {
  encrypt(counter: Buffer, header: Buffer, content: Buffer): Buffer
  decrypt(counter: Buffer, header: Buffer, sealed: Buffer): Buffer
}

function aesGcm(key: Buffer): Cipher {
  return {
    encrypt(counter, header, content) {
      const cipher = createCipheriv('aes-256-gcm', key, nonce(counter, 12)).setAAD(header)
      return Buffer.concat([cipher.update(content), cipher.final(), cipher.getAuthTag()])
    },
    decrypt(counter, header, sealed) {
      const end = sealed.length - TAG_BYTES
      const decipher = createDecipheriv('aes-256-gcm', key, nonce(counter, 12)).setAAD(header).setAuthTag(sealed.subarray(end))
      return Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()])
    },
  }
}

function xchacha(key: Buffer): Cipher {
  const cipher = (counter: Buffer, header: Buffer) => xchacha20poly1305(key, nonce(counter, 24), header)
  return {
    encrypt: (counter, header, content) => Buffer.from(cipher(counter, header).encrypt(content)),
    decrypt: (counter, header, sealed) => Buffer.from(cipher(counter, header).decrypt(sealed)),
  }
}

function nonce(counter: Buffer, bytes: number): Buffer {
  const whole = Buffer.alloc(bytes)
  counter.copy(whole)
  return whole
}
