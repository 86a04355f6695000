import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'

// By require: it is CommonJS, of which importers see different defaults.
const { createTransformer } = createRequire(import.meta.url)('@swc/jest')

/** Globals of the language that no test puts another in the place of. */
const names = [
  ...['Array', 'ArrayBuffer', 'Atomics', 'BigInt', 'BigInt64Array', 'BigUint64Array', 'Buffer', 'DataView', 'Error'],
  ...[
    'Float32Array',
    'Float64Array',
    'Infinity',
    'Int16Array',
    'Int32Array',
    'Int8Array',
    'JSON',
    'Map',
    'Math',
    'NaN',
  ],
  ...['Number', 'Object', 'Promise', 'RangeError', 'Reflect', 'Set', 'SharedArrayBuffer', 'String', 'Symbol'],
  ...['TypeError', 'Uint16Array', 'Uint32Array', 'Uint8Array', 'WeakMap'],
]
const used = names.map((name) => ({
  name,
  read: new RegExp(`\\b${name}\\b`),
  declared: new RegExp(`\\b(?:const|let|class|function|as) ${name}\\b|import [^;]*\\b${name}\\b[^;]* from`),
}))
const digest = (text) => createHash('sha256').update(text).digest('hex').slice(0, 32)

/** At the front of the first line, so that lines keep their numbers. */
function withConstants(code) {
  const constants = used.filter(({ read, declared }) => read.test(code) && !declared.test(code)).map(({ name }) => name)
  return constants.length === 0 ? code : `const { ${constants.join(', ')} } = globalThis;${code}`
}

/**
 * @swc/jest, and globals as constants of each module. Jest runs modules in a context of its own, in which each read of a
 * global asks an interceptor: a test that draws or sums much took three times as long.
 */
export default {
  createTransformer(options) {
    const swc = createTransformer(options)
    return {
      ...swc,
      process: (...args) => {
        const { code, ...rest } = swc.process(...args)
        return { ...rest, code: withConstants(code) }
      },
      processAsync: async (...args) => {
        const { code, ...rest } = await swc.processAsync(...args)
        return { ...rest, code: withConstants(code) }
      },
      getCacheKey: (...args) => digest(swc.getCacheKey(...args) + names.join()),
    }
  },
}
