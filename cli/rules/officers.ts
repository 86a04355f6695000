import { Command } from 'commander'
import { OfficerName, personOf } from '../../audit/rules/officer.js'
import { type OfficersChange } from '../../audit/rules/statement.js'
import { formatInstant } from '../../features/schema/time.js'
import { print, UsageError } from '../output.js'
import { atDesk, type DeskOptions, withDesk } from './desk.js'
import { makeKey, readPublicKey } from './keyFiles.js'
import { finish, signedToo, type Signing, signersOf, withSigning } from './signing.js'

export function keyCommand(): Command {
  return new Command('key').description('an officer’s own key').addCommand(
    new Command('new')
      .description('makes a private key, for the officer alone, and prints the public one')
      .requiredOption('--out <file>', 'where the private key goes (PKCS 8 PEM, mode 0600)')
      .action(async ({ out }: { readonly out: string }) => void process.stdout.write(await makeKey(out))),
  )
}

export function officersCommand(): Command {
  return new Command('officers')
    .description('who may propose and approve changes of rules; the first two are added as they are, then two sign')
    .addCommand(withDesk(new Command('list').description('names and public keys')).action(list))
    .addCommand(
      withSigning(withDesk(new Command('add').argument('<name>').description('registers an officer')))
        .requiredOption('--public-key <file>', 'in PEM, as "aptus rules key new" prints it')
        .action((name: string, options: Signing & { readonly publicKey: string }) => change('add', name, options)),
    )
    .addCommand(
      withSigning(
        withDesk(new Command('remove').argument('<name>').description('his signature counts no more')),
      ).action((name: string, options: Signing) => change('remove', name, options)),
    )
}

async function list(options: DeskOptions): Promise<void> {
  const { officers } = await atDesk(options, (desk) => desk.inForce())
  const shown = officers.map((officer) => ({ ...officer, since: formatInstant(officer.since) }))
  print(options.json, shown, () =>
    shown.map(({ name, publicKey, since }) => `${name}  ${publicKey}  ${since}`).join('\n'),
  )
}

async function change(
  act: OfficersChange['act'],
  text: string,
  options: Signing & { readonly publicKey?: string },
): Promise<void> {
  const name = OfficerName.safeParse(text)
  if (!name.success) throw new UsageError(`"${text}" is no name: ${name.error.issues[0]?.message ?? ''}`)
  const words = await atDesk(options, async (desk) => {
    const inForce = await desk.inForce()
    const known = inForce.officers.find((officer) => personOf(officer.name) === personOf(name.data))
    if (act === 'remove' && known === undefined) throw new UsageError(`no officer is called "${name.data}"`)
    const publicKey = options.publicKey === undefined ? known?.publicKey : await readPublicKey(options.publicKey)
    if (publicKey === undefined) throw new UsageError('an officer is added with --public-key')
    const { installation, officersRevision: revision } = inForce
    const statement = { installation, revision, act, name: name.data, publicKey }
    const document = (await signersOf(options.key, inForce)).reduce(signedToo, {
      type: 'officers-change' as const,
      statement,
      signatures: [],
    })
    return finish(desk, document, options, `officer ${name.data}: ${act === 'add' ? 'added' : 'removed'}`)
  })
  print(options.json, { done: words }, () => words)
}
