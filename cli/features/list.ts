import { writeFile } from 'node:fs/promises'
import { Command } from 'commander'
import { allFeatures, storedFeatures } from '../../features/definitions/catalogue.js'
import { type AnyFeature, featureId } from '../../features/definitions/feature.js'
import { definitionOf, featureDigest } from '../../features/definitions/featureDigest.js'
import { featuresManual } from '../../features/definitions/manual.js'
import { print } from '../output.js'
import { type Common, withCommon } from '../options.js'

export const listCommand = (): Command =>
  withCommon(new Command('list').description('every feature there is, with its version, unit, owner and meaning'))
    .option('--write <file>', 'writes them as a page of Markdown, such as docs/features.md')
    .action(async ({ json, write }: Common & { write?: string }) => {
      if (write !== undefined) await writeFile(write, featuresManual())
      const stored = new Set<AnyFeature>(storedFeatures)
      const features = allFeatures.map((feature) => ({
        ...definitionOf(feature),
        owner: feature.owner,
        meaning: feature.meaning,
        stored: stored.has(feature),
      }))
      print(json, { digest: featureDigest(allFeatures), stored: featureDigest(storedFeatures), features }, () =>
        [
          ...allFeatures.map(
            (feature) => `${featureId(feature).padEnd(32)} ${feature.unit.padEnd(14)} ${feature.meaning}`,
          ),
          `${allFeatures.length} features, ${stored.size} of them stored of an investor (${featureDigest(storedFeatures)})`,
        ].join('\n'),
      )
    })
