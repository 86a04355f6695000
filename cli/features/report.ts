import { writeFile } from 'node:fs/promises'
import { Command, Option } from 'commander'
import { z } from 'zod'
import { ageInWords, qualityPage } from '../../serving/features/page.js'
import { type FeatureQuality } from '../../serving/features/quality.js'
import { storeQuality } from '../../serving/features/storeQuality.js'
import { FeatureQualityAnswer, qualityAnswer } from '../../serving/http/featureSchemas.js'
import { withFullHome } from '../open.js'
import { type Common, wholeNumber, withCommon } from '../options.js'
import { Failure, print, progress, say, UsageError } from '../output.js'

type Options = Common & { readonly out?: string; readonly sample?: number; readonly url?: string }

/** `aptus features report`: drift, missing rates and freshness, as words, as JSON or as a page. */
export const reportCommand = (): Command =>
  withCommon(
    new Command('report').description(
      'how features drifted from the training set of the active release, how fresh the sources are, what was out of range',
    ),
  )
    .option('--out <file>', 'a page in HTML, with a plot a feature')
    .option('--sample <n>', 'so many investors of the store, drawn by --seed; default: all', wholeNumber(1))
    .addOption(
      new Option(
        '--url <url>',
        'a running server instead of --data: what its decisions read in 24 hours; its key of scope science in APTUS_KEY',
      ).conflicts('sample'),
    )
    .action(async (options: Options) => {
      const quality = options.url === undefined ? await ofStore(options) : await ofServer(options.url)
      if (options.out !== undefined) {
        await writeFile(options.out, qualityPage(quality)).catch((cause: unknown) => {
          throw new Failure('the page cannot be written: name a file in a directory that is there', { cause })
        })
        say(`written: ${options.out}`)
      }
      print(options.json, qualityAnswer(quality), () => inWords(quality))
    })

function ofStore({ data, seed, sample }: Options): Promise<FeatureQuality> {
  const bar = progress()
  return withFullHome(data, (home) =>
    storeQuality(home, {
      at: Date.now(),
      sample: sample ?? null,
      seed,
      told: (done, total) => bar.update('investors read', done, total),
    }),
  ).finally(bar.stop)
}

async function ofServer(url: string): Promise<FeatureQuality> {
  const key = process.env['APTUS_KEY'] ?? ''
  if (key === '') throw new UsageError('--url needs a key of scope science in the environment variable APTUS_KEY')
  const response = await fetch(new URL('/v1/features/quality', url), {
    headers: { authorization: `Bearer ${key}`, 'accept-language': 'en' },
  }).catch((cause: unknown) => {
    throw new Failure('the server does not answer', { cause })
  })
  const told: unknown = await response.json()
  if (response.ok) return z.decode(FeatureQualityAnswer, told as z.input<typeof FeatureQualityAnswer>)
  throw new Failure(z.looseObject({ title: z.string() }).safeParse(told).data?.title ?? response.statusText)
}

const percent = (share: number | null): string => (share === null ? '–' : `${(100 * share).toFixed(1)} %`)

const inWords = ({ features, freshness, storeLagRows, reference, outOfRange }: FeatureQuality): string =>
  [
    ...(reference === 'kept' ? [] : [`training set: ${reference}; train and release anew for a comparison`]),
    ...features.map(
      ({ name, psi, drift, missing: { training, now } }) =>
        `${name}: PSI ${psi === null ? '–' : psi.toFixed(3)} (${drift}); missing ${percent(training.share)} in training, ${percent(now.share)} of ${now.of} now`,
    ),
    ...freshness.map(
      ({ source, seconds }) => `${source}: ${seconds === null ? 'nothing' : `${ageInWords(seconds)} old`}`,
    ),
    ...(storeLagRows === null ? [] : [`online store: ${storeLagRows} rows behind the history`]),
    ...outOfRange
      .filter(({ refused, odd }) => refused + odd > 0)
      .map(({ field, refused, odd }) => `${field}: ${refused} refused, ${odd} odd`),
  ].join('\n')
