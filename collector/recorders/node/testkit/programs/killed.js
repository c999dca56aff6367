'use strict'
// Ends without any chance to do anything.
fetch(process.argv[2], { method: 'POST', body: '{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}' })
  .then(reply => reply.json())
  .then(() => process.kill(process.pid, 'SIGKILL'))
