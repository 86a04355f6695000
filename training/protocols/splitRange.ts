/** `0-39`, `7`, `0-3,10`: whole numbers from 0, ascending, without repeats. Throws an Error that says what is wanted. */
export function parseRange(text: string): number[] {
  const numbers = new Set<number>()
  for (const part of text.split(',')) {
    const match = /^\s*(\d{1,6})(?:-(\d{1,6}))?\s*$/.exec(part)
    const [first, last] = [Number(match?.[1]), Number(match?.[2] ?? match?.[1])]
    if (match === null || last < first) throw new Error(`range of splits "${text}": want such as 0-39 or 0,5,10-12`)
    for (let number = first; number <= last; number++) numbers.add(number)
  }
  return [...numbers].sort((a, b) => a - b)
}

/** The same, written back: 0, 1, 2, 5 → `0-2,5`. `numbers` ascend. */
export function formatRange(numbers: readonly number[]): string {
  const parts: string[] = []
  let first = 0
  numbers.forEach((number, at) => {
    if (at === 0 || number !== (numbers[at - 1] ?? 0) + 1) first = number
    if (numbers[at + 1] === number + 1) return
    parts.push(first === number ? String(number) : `${first}-${number}`)
  })
  return parts.join(',')
}
