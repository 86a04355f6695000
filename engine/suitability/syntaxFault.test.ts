import { syntaxFaultIn } from './syntaxFault.js'

/** The fault stands at the sign `^` of the line below; at its end where the expression is not complete. */
test.each([
  ['product.riskLevel <= && investor.riskLevel', '                     ^'],
  ['product.riskLevel <= 3 product.sri < 2', '                       ^'],
  ['(product.riskLevel <= 3 || product.sri < 2', '                                          ^'],
  ['(product.riskLevel <= 3)) && true', '                        ^'],
  ['product.riskLevel in [1, 2', '                          ^'],
  ['(product.riskLevel in [1, 2', '                           ^'],
  ['product.crossBorder ? product.sri < 2', '                                     ^'],
  ['product.crossBorder ? product.sri < 2 ; true', '                                      ^'],
  ['product.status == "open', '                  ^'],
  ['product.riskLevel =< 3', '                  ^'],
  ['product.crossBorder and true', '                    ^'],
  ['product.crossBorder ? true : product.crossBorder ?', '                                                  ^'],
  ['!', ' ^'],
])('%s', (text, mark) => {
  const { offset, message } = syntaxFaultIn(text)
  expect(offset).toBe(mark.indexOf('^'))
  expect(message).toMatch(
    offset === text.length ? /not complete; complete it/ : /cannot stand here; complete .* correct it/,
  )
})
