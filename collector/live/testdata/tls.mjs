// Calls over TLS from Node.js: tls.mjs ADDRESS CALLS. On each line of standard
// input it makes CALLS calls, four at a time, over kept connections, and prints
// the tokens that it read, in one line.
import https from 'node:https';
import readline from 'node:readline';

const [address, calls] = process.argv.slice(2);
const agent = new https.Agent({ keepAlive: true, maxSockets: 4, rejectUnauthorized: false });
let id = 0;

function call() {
  const content = JSON.stringify({ jsonrpc: '2.0', id: ++id, method: 'eth_call', params: [`${process.pid}-${id}`] });
  return new Promise((resolve, reject) => {
    const request = https.request(`https://${address}/`, { agent, method: 'POST', headers: { 'Content-Length': content.length } }, (reply) => {
      let text = '';
      reply.on('data', (part) => (text += part)).on('end', () => resolve(JSON.parse(text).result));
    });
    request.on('error', reject).end(content);
  });
}

for await (const _ of readline.createInterface({ input: process.stdin })) {
  const read = [];
  while (read.length < calls) {
    read.push(...(await Promise.all([call(), call(), call(), call()])));
  }
  console.log(read.join(' '));
}
process.exit();
