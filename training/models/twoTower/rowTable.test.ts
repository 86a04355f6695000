import fc from 'fast-check'
import { openTensorFlow } from '../../tensorflow/backend.js'
import { adamRows, compacted, rowsOf, rowTable } from './rowTable.js'

test('where every row has a gradient it is TensorFlow’s Adam', async () => {
  const { tf } = await openTensorFlow()
  const start = Float32Array.from({ length: 12 }, (_, at) => Math.sin(at))
  const slopes = [1, 2, 3].map((step) => Float32Array.from({ length: 12 }, (_, at) => Math.cos(step * at) - 0.2))
  const table = rowTable(start.slice(), 4)
  const variable = tf.variable(tf.tensor2d(start.slice(), [3, 4]))
  const optimizer = tf.train.adam(0.05)
  for (const slope of slopes) {
    adamRows(table, Int32Array.from([0, 1, 2]), slope, 0.05)
    const gradient = tf.tensor2d(slope, [3, 4])
    optimizer.applyGradients([{ name: variable.name, tensor: gradient }])
    gradient.dispose()
  }
  const expected = variable.dataSync()
  table.values.forEach((value, at) => expect(value).toBeCloseTo(expected[at]!, 5))
  variable.dispose()
  optimizer.dispose()
})

test('a row without a gradient stays', () => {
  const table = rowTable(Float32Array.from([1, 2, 3, 4]), 2)
  adamRows(table, Int32Array.from([1]), Float32Array.from([1, -1]), 0.1)
  expect([...table.values.subarray(0, 2)]).toEqual([1, 2])
  expect(table.values[2]).toBeCloseTo(2.9, 5)
  expect(table.values[3]).toBeCloseTo(4.1, 5)
})

test('rows compacted are distinct, and the places lead back to them', () => {
  const lists = fc.array(fc.array(fc.nat(9)), { minLength: 1, maxLength: 3 })
  fc.assert(
    fc.property(lists, (given) => {
      const placeOf = new Int32Array(10).fill(-1)
      const { rows, places } = compacted(
        given.map((list) => Int32Array.from(list)),
        placeOf,
      )
      expect(new Set(rows).size).toBe(rows.length)
      expect(places.map((list) => Array.from(list, (place) => rows[place]))).toEqual(given)
      expect(placeOf.every((place) => place === -1)).toBe(true)
    }),
  )
})

test('rows taken are those of the table', () => {
  const table = rowTable(Float32Array.from([1, 2, 3, 4, 5, 6]), 2)
  expect([...rowsOf(table, Int32Array.from([2, 0]))]).toEqual([5, 6, 1, 2])
})
