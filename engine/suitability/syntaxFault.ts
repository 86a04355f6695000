import { parse } from '@bufbuild/cel'

const tokens = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[A-Za-z_]\w*|\d+|[=!<>]=|&&|\|\||\S/g
const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }
/** What may be wanting behind the beginning of an expression: nothing, an operand, or the rest of a choice. */
const endings = ['', ' x', ' : x', ' x : x', ' : x : x', ' x : x : x']

/**
 * Where an expression that does not parse goes wrong: at the first token that no expression has after what stands before
 * it, or at the end where it is only not complete. The parser tells neither; it tells how far it came at its last try.
 */
export function syntaxFaultIn(text: string): { readonly offset: number; readonly message: string } {
  const open: string[] = []
  let end = 0
  for (const found of text.matchAll(tokens)) {
    const [token] = found
    const close = closing[token]
    if (close !== undefined) open.push(close)
    else if (token === open.at(-1)) open.pop()
    end = found.index + token.length
    if (!isBeginning(text.slice(0, end), open))
      return {
        offset: found.index,
        message: `syntax: ${token} cannot stand here; complete what is before it, or correct it`,
      }
  }
  return { offset: end, message: 'syntax: the expression ends here and is not complete; complete it' }
}

const isBeginning = (text: string, open: readonly string[]): boolean =>
  endings.some((ending) => parses(`${text}${ending}${[...open].reverse().join('')}`))

/** The parser is given a text and nothing else: whatever it throws is about the text. */
function parses(text: string): boolean {
  try {
    parse(text)
    return true
  } catch {
    return false
  }
}
