import { loadHnswlib } from '../engine/retrieval/hnsw.js'

/** Says what this machine offers of the optional packages, and what serves instead where one is absent. */
export async function runsOn(): Promise<string> {
  const hnsw = await loadHnswlib()
  const search = 'library' in hnsw ? 'hnswlib-node' : `exact scan only (${hnsw.missing})`
  return `Node ${process.version}; large indexes: ${search}; TensorFlow: ${await tensorFlow()}`
}

/** tfjs-node takes its library from a host that many networks do not reach; then WebAssembly trains. */
async function tensorFlow(): Promise<string> {
  // A variable, so that the compiler does not insist on a package that may be absent.
  const name = '@tensorflow/tfjs-node'
  try {
    const loaded = (await import(name)) as { version?: { 'tfjs-node'?: string } }
    return `tfjs-node ${loaded.version?.['tfjs-node'] ?? ''}`
  } catch (error) {
    return `absent (${(error as { code?: string }).code ?? 'did not load'}): models are trained on WebAssembly instead`
  }
}
