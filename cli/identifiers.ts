import { Command } from 'commander'
import { readConfiguration } from '../serving/configuration.js'
import { cipherOf } from '../serving/identifiers.js'
import { rotateIdentifiers } from '../serving/rotateIdentifiers.js'
import { refuseEmpty } from './open.js'
import { type Common, withCommon } from './options.js'
import { print, progress } from './output.js'

async function rotate({ data, json }: Common): Promise<void> {
  await refuseEmpty(data)
  const configuration = readConfiguration(process.env)
  const from = cipherOf(configuration.oldIdentifiersKey ?? null)
  const to = cipherOf(configuration.identifiersKey ?? null)
  const bar = progress()
  await rotateIdentifiers(data, configuration, [from, to], (done, total) =>
    bar.update('files of the history', done, total),
  ).finally(bar.stop)
  const [before, after] = [from?.keyId ?? null, to?.keyId ?? null]
  print(json, { from: before, to: after }, () =>
    after === null
      ? 'identifiers lie in clear from now on'
      : `identifiers are under the key ${after} from now on; a backup from before needs ${before === null ? 'none' : `the key ${before}`}`,
  )
}

export const identifiersCommand = (): Command =>
  new Command('identifiers')
    .description('ids and dates of birth of investors, encrypted at rest')
    .addCommand(
      withCommon(
        new Command('rotate').description(
          'writes them under APTUS_IDENTIFIERS_KEY (in clear without it), from APTUS_IDENTIFIERS_OLD_KEY (or the clear); beside no server',
        ),
      ).action(rotate),
    )
