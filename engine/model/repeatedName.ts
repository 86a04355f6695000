/**
 * The first name that an object within a valid JSON text gives twice, or null. JSON.parse keeps the last of them and
 * says nothing, another reader the first: such a file is two models.
 */
export function repeatedName(json: string): string | null {
  const open: Set<string>[] = []
  for (let at = 0; at < json.length; at++) {
    const character = json[at]
    if (character === '{') open.push(new Set())
    else if (character === '}') open.pop()
    if (character !== '"') continue
    const end = endOfText(json, at)
    if (isFollowedByColon(json, end)) {
      const name = JSON.parse(json.slice(at, end)) as string
      const names = open.at(-1)
      if (names?.has(name) === true) return name
      names?.add(name)
    }
    at = end - 1
  }
  return null
}

/** Behind the closing quotation mark of the text that begins at `from`. */
function endOfText(json: string, from: number): number {
  let at = from + 1
  while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1
  return at + 1
}

function isFollowedByColon(json: string, from: number): boolean {
  let at = from
  while (' \t\r\n'.includes(json[at] ?? 'x')) at++
  return json[at] === ':'
}
