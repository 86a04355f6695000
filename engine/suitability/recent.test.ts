import { ClassVector } from './classVector.js'
import { Recent } from './recent.js'

const vectorOf = (...numbers: number[]): ClassVector => {
  const vector = new ClassVector()
  for (const number of numbers) vector.write(number)
  return vector
}
const at = <T>(recent: Recent<T>, numbers: readonly number[], value: T): T => {
  const vector = vectorOf(...numbers)
  return recent.at(vector, 0, vector.length, () => value)
}

test('what is used stays; what was not used for longest goes', () => {
  const recent = new Recent<string>(2)
  at(recent, [1], 'one')
  at(recent, [2], 'two')
  at(recent, [1], 'one again')
  at(recent, [3], 'three')
  expect(recent.size).toBe(2)
  expect([at(recent, [1], 'made'), at(recent, [3], 'made'), at(recent, [2], 'made')]).toEqual(['one', 'three', 'made'])
})

test('a part of a vector is looked up by its own numbers', () => {
  const recent = new Recent<string>(9)
  at(recent, [5, 6], 'five six')
  const vector = vectorOf(1, 5, 6, 7)
  expect(recent.at(vector, 1, 3, () => 'made')).toBe('five six')
  expect(recent.at(vector, 1, 4, () => 'made')).toBe('made')
})

test('two vectors of one hash are told apart', () => {
  // FNV-1a with the second number chosen so that both meet.
  const [start, prime] = [0x811c_9dc5, 0x0100_0193]
  const met = Math.imul(start ^ 1, prime) ^ 10 ^ Math.imul(start ^ 2, prime)
  const [a, b] = [vectorOf(1, 10), vectorOf(2, met)]
  expect(a.hash(0, 2)).toBe(b.hash(0, 2))
  const recent = new Recent<string>(9)
  expect([recent.at(a, 0, 2, () => 'a'), recent.at(b, 0, 2, () => 'b')]).toEqual(['a', 'b'])
  expect(recent.at(a, 0, 2, () => 'a anew')).toBe('a anew')
})

test('a part of a vector equals its own numbers, and neither fewer nor more', () => {
  const vector = vectorOf(7, 1, 2, 3)
  expect([[1, 2], [1, 3], [1], [1, 2, 3]].map((numbers) => vector.equals(Int32Array.from(numbers), 1, 3))).toEqual([
    true,
    false,
    false,
    false,
  ])
})

test('a vector longer than its first room keeps its numbers; reading past its end is a fault', () => {
  const numbers = Array.from({ length: 1000 }, (_, n) => n - 500)
  const vector = vectorOf(...numbers)
  vector.readFrom(0)
  expect(numbers.map(() => vector.read())).toEqual(numbers)
  expect(() => vector.read()).toThrow('more of a class vector')
})
