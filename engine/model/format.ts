/** A size of a tensor: a number, or a letter that stands for the same number throughout a file; `2f` is twice f, `n+1` one more. */
export type Size = number | string
export type TensorFormat = {
  readonly name: string
  readonly dtype: 'F32' | 'F64' | 'I32'
  readonly shape: readonly Size[]
  readonly says: string
  readonly optional?: true
}

const popularity: TensorFormat = {
  ...{ name: 'popularity', dtype: 'F32', shape: ['n'] },
  says: 'how often each product was bought, 0 or more: it ranks where the model knows nothing of an investor',
}
const products: TensorFormat = {
  ...{ name: 'products', dtype: 'F32', shape: ['n', 'd'] },
  says: 'a product’s vector p; its score is u·p',
}
const f32 = (name: string, shape: readonly Size[], says: string): TensorFormat => ({ name, dtype: 'F32', shape, says })
const f64 = (name: string, shape: readonly Size[], says: string): TensorFormat => ({ name, dtype: 'F64', shape, says })
const i32 = (name: string, shape: readonly Size[], says: string): TensorFormat => ({ name, dtype: 'I32', shape, says })

/** The tensors of every kind of model, n products; docs/model-format.md is made of it. Further tensors are left alone. */
export const tensorFormats: Readonly<Record<string, readonly TensorFormat[]>> = {
  popularity: [
    popularity,
    {
      ...f32('segments', ['s', 'n'], 'scores of each segment that `segmentsBy` tells: 5 by level, 4 by age'),
      optional: true,
    },
  ],
  ials: [
    ...[popularity, products],
    f64('gram', ['d', 'd'], 'α₀·PᵀP, positive semi-definite'),
    f64('lambdaBySize', ['s'], 'λ of an investor by the sum of his weights, rounded; a longer past takes the last'),
  ],
  content: [popularity, products, f32('levelCentres', [5, 'd'], 'u of an investor of C1 to C5 without a past')],
  'item-factors': [
    popularity,
    { ...products, optional: true, says: `${products.says}. Without it d = n and p is a unit vector` },
    f32('history', ['n', 'd'], 'what a product of the past adds to u: u = bias + Σ w history'),
    { ...f32('bias', ['d'], 'what every u begins with'), optional: true },
  ],
  'item-graph': [
    ...[popularity, products],
    i32('graph.offsets', ['n+1'], 'row i of the sparse matrix G is offsets[i] up to offsets[i + 1]'),
    i32('graph.items', ['e'], 'its columns'),
    f32('graph.weights', ['e'], 'its values: the score of j is Σ w G_ij over the past'),
    { ...f32('history', ['n', 'd'], 'as of item-factors: adds u·p to the score'), optional: true },
    { ...f32('bias', ['d'], 'as of item-factors'), optional: true },
  ],
  'two-tower': [
    ...[popularity, products],
    f32('bag', ['n', 'h'], 'embeddings whose weighted mean over his past is b'),
    f32('investorMeans', ['f'], 'of the features that `investorFeatures` names, to standardise them to x'),
    f32('investorScales', ['f'], 'the same; 0 leaves a feature out'),
    f32('tower.profile', ['2f', 'w'], 'Wx, for x and a flag for each missing value'),
    f32('tower.history', ['h', 'w'], 'Wb'),
    f32('tower.hiddenBias', ['w'], 'c: r = relu(x·Wx + b·Wb + c)'),
    f32('tower.out', ['w', 'd'], 'Wo'),
    f32('tower.skip', ['h', 'd'], 'Ws'),
    f32('tower.outBias', ['d'], 'o: u = (r·Wo + b·Ws + o) of length 1'),
  ],
  blend: [
    popularity,
    f32('retrieval', ['c'], 'the weight of each component’s score where candidates are nominated'),
    f64('ranker.weights', ['g', 't'], 'of each head and term'),
  ],
}
