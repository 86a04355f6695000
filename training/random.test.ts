import { randomFor } from './random.js'

const draw = (seed: number, label: string): number[] => {
  const random = randomFor(seed, label)
  return Array.from({ length: 5 }, random.uniform)
}

describe('randomFor', () => {
  test('the same seed and label give the same numbers', () => expect(draw(7, 'x')).toEqual(draw(7, 'x')))
  test('another label gives others', () => expect(draw(7, 'x')).not.toEqual(draw(7, 'y')))
  test('another seed gives others', () => expect(draw(7, 'x')).not.toEqual(draw(8, 'x')))

  test('moments of 20,000 draws', () => {
    const random = randomFor(1, 'moments')
    const uniforms = Array.from({ length: 20_000 }, random.uniform)
    const normals = Array.from({ length: 20_000 }, random.normal)
    const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
    expect(Math.min(...uniforms)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...uniforms)).toBeLessThan(1)
    expect(mean(uniforms)).toBeCloseTo(0.5, 1)
    expect(mean(normals)).toBeCloseTo(0, 1)
    expect(mean(normals.map((value) => value * value))).toBeCloseTo(1, 1)
  })
})
