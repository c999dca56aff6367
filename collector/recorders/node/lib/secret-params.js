'use strict'

const namespaces = ['personal', 'parity', 'clef', 'account', 'secretstore', 'signer', 'shh', 'evm', 'hardhat', 'anvil', 'ganache']

// The positions of the parameters that are passphrases, private keys or seeds,
// with the methods that have them, in lower case: of go-ethereum's personal,
// account and clef, of OpenEthereum's personal, parity, secretstore and signer,
// of Whisper's shh, and of development nodes.
const methods = new Map(Object.entries({
  0: `personal_newaccount account_import parity_phrasetoaddress parity_setenginesignersecret shh_addprivatekey
      shh_addsymkey shh_generatesymkeyfrompassword`,
  '0 1': `personal_importrawkey clef_importrawkey parity_newaccountfromphrase parity_newaccountfromsecret
      parity_newaccountfromwallet`,
  '0 1 2': 'clef_import personal_replacerawkey',
  1: `personal_unlockaccount personal_sendtransaction personal_signtransaction personal_signandsendtransaction
      personal_openwallet personal_unpair clef_openwallet parity_testpassword parity_killaccount
      parity_exportaccount parity_setenginesigner parity_deriveaddresshash parity_deriveaddressindex
      parity_newvault parity_openvault parity_changevaultpassword secretstore_encrypt secretstore_decrypt
      secretstore_signrawhash secretstore_generatedocumentkey evm_addaccount evm_removeaccount`,
  '1 2': 'parity_changepassword secretstore_shadowdecrypt',
  2: `personal_sign personal_signtypeddata signer_confirmrequest signer_confirmrequestraw
      signer_confirmrequestwithtoken`,
  3: 'personal_sign191'
}).flatMap(([positions, names]) => names.split(/\s+/).map(name => [name, positions.split(' ').map(Number)])))

/**
 * The positions, from 0, of the parameters of a method that are secrets.
 *
 * @param {string} method
 * @returns {number[]}
 */
function secretParams (method) {
  const cut = method.indexOf('_')
  if (!endsInNamespace(method, cut < 0 ? method.length : cut)) return []
  const known = methods.get(method.toLowerCase())
  if (known) return known
  // hardhat_reset, anvil_setRpcUrl and their aliases name another endpoint.
  return cut >= 0 && /^(reset|setrpcurl)$/i.test(method.slice(cut + 1)) ? [0] : []
}

/**
 * Says whether text may name a method with secrets: a namespace that has some,
 * or an escape that may spell one. It is all that most messages cost, so it
 * looks at underscores only.
 *
 * @param {string} text
 */
function mentionsSecret (text) {
  for (let i = -1; (i = text.indexOf('_', i + 1)) >= 0;) {
    if (endsInNamespace(text, i)) return true
  }
  return text.includes('\\u')
}

const byLastLetter = Array.from({ length: 256 }, (_, c) => namespaces.filter(name => name.charCodeAt(name.length - 1) === (c | 0x20)))

/** The same of bytes, of which one at a place, not the first, is an underscore. */
function endsNamespace (bytes, at) {
  for (const name of byLastLetter[bytes[at - 1]]) {
    let i = name.length - 1
    while (i >= 0 && (bytes[at - name.length + i] | 0x20) === name.charCodeAt(i)) i--
    if (i < 0) return true
  }
  return false
}

function endsInNamespace (text, end) {
  const last = text.charCodeAt(end - 1) | 0x20
  return namespaces.some(name => name.charCodeAt(name.length - 1) === last &&
    text.slice(Math.max(0, end - name.length), end).toLowerCase() === name)
}

module.exports = { secretParams, mentionsSecret, endsNamespace }
