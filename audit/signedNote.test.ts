import { createPrivateKey } from 'node:crypto'
import { nameOfVkey, noteKey, openNote } from './signedNote.js'

// The example of golang.org/x/mod/sumdb/note (note.go, note_test.go): https://pkg.go.dev/golang.org/x/mod/sumdb/note
const published = {
  vkey: 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
  skey: 'AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz',
  text: "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n",
  line: '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n',
}
const note = `${published.text}\n${published.line}`

test('the published note opens by its verifier key, and is signed again by its key', () => {
  expect(openNote(note, published.vkey)).toBe(published.text)
  const seed = Buffer.from(published.skey, 'base64').subarray(1)
  // PKCS 8 of an Ed25519 seed: RFC 8410 §7.
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed])
  const key = noteKey('PeterNeumann', createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }))
  expect(key.vkey).toBe(published.vkey)
  expect(key.sign(published.text)).toBe(note)
})

test('a note with other signatures beside ours opens; one without ours, or changed, does not', () => {
  const other = '— EnochRoot af4hAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n'
  expect(openNote(`${published.text}\n${other}${published.line}${other}`, published.vkey)).toBe(published.text)
  expect(openNote(`${published.text}\n${other}`, published.vkey)).toBeNull()
  expect(openNote(`${published.text}x\n\n${published.line}`, published.vkey)).toBeNull()
  expect(openNote(note.slice(0, -1), published.vkey)).toBeNull()
  expect(openNote(note.replace('— PeterNeumann', '— PeterNeuman'), published.vkey)).toBeNull()
  expect(openNote(note.replace('JnAM=', 'JnAN='), published.vkey)).toBeNull()
  expect(openNote(published.text, published.vkey)).toBeNull()
})

test('what is no note, no signature or no verifier key opens nothing', () => {
  for (const vkey of ['', 'PeterNeumann', published.vkey.slice(1)]) expect(openNote(note, vkey)).toBeNull()
  for (const none of [
    '',
    '\n',
    published.text + published.line,
    `${published.line}`,
    note.trimEnd(),
    note.replace('— ', '- '),
  ])
    expect(openNote(none, published.vkey)).toBeNull()
  const bytes = Buffer.from(published.line.trim().split(' ')[2] ?? '', 'base64')
  for (const length of [0, 4, bytes.length - 1, bytes.length + 1]) {
    const encoded = Buffer.concat([bytes, Buffer.alloc(1)])
      .subarray(0, length)
      .toString('base64')
    expect(openNote(`${published.text}\n— PeterNeumann ${encoded}\n`, published.vkey)).toBeNull()
  }
})

test('a verifier key whose parts do not belong together is none', () => {
  expect(nameOfVkey(published.vkey)).toBe('PeterNeumann')
  const [name = '', id = '', key = ''] = published.vkey.split('+')
  for (const wrong of [`b${name}+${id}+${key}`, `${name}+00000000+${key}`, `${name}+${id}`, '', `${name}+${id}+AQ==`])
    expect(nameOfVkey(wrong)).toBeNull()
})
