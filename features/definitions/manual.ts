import { allFeatures, investorFeatures, pairFeatures, productFeatures, storedFeatures } from './catalogue.js'
import { dailyCap, dailyDays } from './daily.js'
import { type AnyFeature, featureId } from './feature.js'
import { featureDigest } from './featureDigest.js'

const head =
  '| feature | type, unit | says | unknown | valid | reads | owner |\n| --- | --- | --- | --- | --- | --- | --- |'

const rowOf = (feature: AnyFeature): string =>
  [
    `\`${featureId(feature)}\``,
    `${feature.type}, ${feature.unit}`,
    feature.meaning,
    feature.default === null ? 'missing' : String(feature.default),
    feature.validDays === null ? '' : `${feature.validDays} days`,
    feature.reads.map((name) => `\`${name}\``).join(', '),
    feature.owner,
  ]
    .join(' | ')
    .replace(/^/, '| ')
    .concat(' |')

const section = (title: string, words: string, features: readonly AnyFeature[]): string =>
  [`## ${title}`, '', words, '', head, ...features.map(rowOf)].join('\n')

/** docs/features.md: Markdown of every definition. Made, never edited. */
export const featuresManual = (): string => `# Features

Made by \`aptus features list --write docs/features.md\` from \`features/definitions/\`; a test holds it to them. One definition serves training and serving: a row that training builds is, bit for bit, the vector that serving read at that instant (\`serving/trainServeParity.test.ts\`).

- **Two instants.** Every fact has the instant when it happened and the one from which it was known. "As of t" is: known strictly before t. What becomes known later, corrections and cancellations among it, changes no row of before (\`features/history/rows.test.ts\`).
- **Versions.** A feature is \`name@version\`. Whoever changes what one gives adds the next version beside it; \`features/definitions/versions.json\` holds the values of each version, and a test fails where one changes. A model names the ids that it reads and carries a digest over their definitions; a release's digest covers the model, and a decision names its release. A model whose definitions are gone or differ is not opened.
- **Rows.** \`aptus features rows --pairs PAIRS.csv --out ROWS.parquet\` gives the stored features of any (investor, instant) pairs.
- **Export and import.** \`aptus features export --out DIR\` writes all that is known as \`investors.parquet\`, \`events.parquet\` and \`navs.parquet\`: every fact with both its instants (ms UTC) and its source, cancellations among the events, in the order of arrival; \`record\` and \`payload\` are JSON as the API takes it. \`aptus features import DIR\` takes them in, whole or not at all, into an empty directory or beside what is there (\`--dry-run\` counts); a bad row is told by file, row and column. Identifiers stand in clear in the files, which are their owner's alone; one made before an erasure still holds the person, and brings him back: delete it with him. Products are not among them: they come by \`aptus import\`.
- **Plan and apply.** \`aptus features plan\` says what changed since the definitions were last applied to a data directory, which models read what is gone, and how many vectors are to be computed; \`apply\` (or \`materialise\`, at any time) computes them. A vector stands for one day (UTC): it changes within a day by new facts alone, and a reader computes what is not there.
- **Who reads vectors.** Nothing that this version serves: a decision reads the profile and the past that it seals, and those who show features read the account anyway. They are for whoever asks for an investor's features alone, and often (\`readVector\` in \`serving/storedVectors.ts\`): for models to come, or a program of yours beside the store. Where nobody does, leave \`materialise\` and \`APTUS_REDIS_VECTORS\` out.
- **Workers.** With \`APTUS_EVENTS=stream\` a server publishes events in Redis Streams once its journal holds them, and \`aptus features work [--workers N]\` folds them, in any number of processes: what one left in hand is taken over after \`--take-over-after\` seconds, what comes twice counts once, and what came before a cancellation, an erasure or a refilling is not folded on top of it. Give every command the same value; before you go back to \`direct\`, run \`aptus features work --drain\`. The history stays the record: where Redis was not reached, an investor is read from it. Until a worker has folded an event a decision does not see it; \`reconcile\` counts what is under way as a difference.
- **Counts** are whole numbers per day (UTC), kind of activity and product (\`daily.ts\`): the newest ${dailyCap} such entries of ${dailyDays} days. Their order is fixed, so what arrives late, twice (known by its id) or in another order comes to the same. Decays are summed over them in that order, day by day, from tables of products, so that the last bit is the same everywhere.
- **Cancellations.** An event \`cancellation\` takes an earlier one back from when it is known.

Digest of the stored features: \`${featureDigest(storedFeatures)}\`; of all ${allFeatures.length}: \`${featureDigest(allFeatures)}\`.

${section('Stored of an investor', `The ${storedFeatures.length} columns of the vector that the feature store serves, in their order.`, storedFeatures)}

${section(
  'Read by models of an investor',
  'What models are given today: these read the profile and the past that a decision seals. Those above that read trades and daily counts are for training rows and for models to come.',
  investorFeatures.filter((feature) => !(storedFeatures as readonly AnyFeature[]).includes(feature)),
)}

${section('Of a product', 'In the order of the product vector.', productFeatures)}

${section('Of an investor and a product', 'In the order of the pair vector.', pairFeatures)}
`
