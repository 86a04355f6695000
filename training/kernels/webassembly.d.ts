/** Of the WebAssembly interface what the kernels use: @types/node has none of it, and the library of browsers is not ours. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array)
  }
  class Instance {
    constructor(module: Module, imports: { readonly env: { readonly memory: Memory } })
    readonly exports: Readonly<Record<string, (...given: number[]) => void>>
  }
  /** In pages of 64 KB. */
  class Memory {
    constructor(size: { readonly initial: number; readonly maximum: number; readonly shared: true })
    readonly buffer: SharedArrayBuffer
  }
}
