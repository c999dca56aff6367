'use strict'
// A passphrase in a call, and one in the URL.
const body = '{"jsonrpc":"2.0","id":1,"method":"personal_unlockAccount","params":["0xab","hunter2",300]}'
async function main () {
  for (const url of [process.argv[2], process.argv[2] + '/v3/hunter2-0123456789abcdef?key=hunter2']) {
    await (await fetch(url, { method: 'POST', body })).text()
  }
}
main()
