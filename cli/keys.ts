import { Command, Option } from 'commander'
import { join } from 'node:path'
import { type FirmId } from '../features/schema/ids.js'
import { keysFile } from '../serving/home.js'
import { createKeys, type Keys, type Scope, scopes } from '../serving/http/keys.js'
import { defaultFirm } from '../serving/investorKey.js'
import { refuseEmpty, withFullHome } from './open.js'
import { type Common, firm, withCommon } from './options.js'
import { print } from './output.js'

type Adding = Common & { readonly firm: FirmId; readonly scope: Scope }

const keysOf = (data: string): Promise<Keys> => createKeys(join(data, keysFile))

export function keysCommand(): Command {
  return new Command('keys')
    .description('who may ask: a key is for one firm and one scope')
    .addCommand(
      withCommon(
        new Command('add').description('makes a key and prints it, this once; a server takes it up at its next start'),
      )
        .option('--firm <id>', 'whose key', firm, defaultFirm)
        .addOption(new Option('--scope <scope>', 'what for').choices(scopes).makeOptionMandatory())
        .action(add),
    )
    .addCommand(
      withCommon(new Command('list').description('firm, scope and mark of each key; never a key')).action(list),
    )
}

/** Opening the directory refuses while a server has it: the file of keys has one writer at a time. */
async function add({ data, json, firm: firmId, scope }: Adding): Promise<void> {
  const key = await withFullHome(data, async () => (await keysOf(data)).add(scope, firmId))
  print(json, { firmId, scope, key }, () => key)
}

/** Reads the file alone, so it works beside a server. */
async function list({ data, json }: Common): Promise<void> {
  await refuseEmpty(data)
  const keys = (await keysOf(data)).list()
  print(json, keys, () => keys.map(({ firmId, scopes: of, mark }) => `${firmId}  ${of.join(',')}  ${mark}`).join('\n'))
}
