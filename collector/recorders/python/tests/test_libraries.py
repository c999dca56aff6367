"""httpx, aiohttp, websockets and web3.py, sync and async."""

import os
import subprocess
import sys
import unittest

from helper import HERE, Case, needs
from rpcserver import UnixServer

CALL = '{"jsonrpc": "2.0", "id": %s, "method": "eth_chainId", "params": []}'
START = """
import asyncio, json, os, sys
url = sys.argv[1]
def body(id, method="eth_chainId"):
    return {"jsonrpc": "2.0", "id": id, "method": method, "params": []}
"""

# A WebSocket server on whatever version of the library there is.
WS_SERVER = """
import asyncio, sys
sys.path.insert(0, %r)
from rpcserver import answer_body
try:
    from websockets.asyncio.server import serve
except ImportError:
    from websockets import serve
async def handle(ws, path=None):
    held = []
    async for message in ws:
        if message == "now":
            for late in held:
                await ws.send(answer_body(late).decode())
        elif "eth_late" in str(message):
            held.append(message)
        elif "eth_never" not in str(message):
            await ws.send(answer_body(message).decode())
async def main():
    server = await serve(handle, "127.0.0.1", 0)
    print(list(server.sockets)[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
asyncio.run(main())
""" % HERE


class LibraryTest(Case):
    def setUp(self):
        super().setUp()
        self.server = self.serve()

    def ask(self, text, url=None, **kwargs):
        return self.run_program(START + text, url or self.server.url, **kwargs)

    def expect(self, client, *ids):
        lines = self.lines()
        self.assertEqual([x["id"] for x in (y["msg"] for y in lines if y["ev"] == "send")], list(ids))
        self.assertEqual([x["id"] for x in (y["msg"] for y in lines if y["ev"] == "recv")], list(ids))
        for line in lines:
            if line["ev"] in ("send", "recv"):
                self.assertTrue(line["client"].startswith(client + "/"), line["client"])
                self.assertEqual(line["opener"], line["pid"])
                self.assertTrue(line["ino"])
        return lines

    @needs("httpx")
    def test_httpx(self):
        self.ask("""
import httpx
with httpx.Client() as c:
    for i, way in enumerate(("", "gzip", "chunked", "close", "")):
        c.post(url + "/" + way, json=body(i)).json()
    with c.stream("POST", url + "/chunked", json=body(5)) as r:
        list(r.iter_bytes(3))
    c.get(url)
async def main():
    async with httpx.AsyncClient() as c:
        await c.post(url + "/gzip", json=body(6))
asyncio.run(main())
""")
        lines = self.expect("httpx", 0, 1, 2, 3, 4, 5, 6)
        self.assertEqual(sum(x["ev"] == "open" for x in lines), 3)
        self.assertEqual(sum(x["ev"] == "close" for x in lines), 3)

    @needs("httpx")
    def test_httpx_that_fails(self):
        self.ask("""
import httpx
for way in ("slow", "hangup", "cut"):
    try: httpx.post(url + "/" + way, json=body(way), timeout=0.5)
    except httpx.HTTPError as error: print(error)
with httpx.Client() as c:
    with c.stream("POST", url, json=body("unread")) as r: pass
""")
        got = [x for x in self.calls() if x[0] == "fail"]
        self.assertEqual([x[1] for x in got], ["slow", "hangup", "cut", "unread"])
        self.assertEqual((got[0][2], got[3][2]), ("timeout", "not read"))

    @needs("aiohttp")
    def test_aiohttp(self):
        self.ask("""
import aiohttp
async def main():
    async with aiohttp.ClientSession() as s:
        for i, way in enumerate(("", "gzip", "chunked", "close", "")):
            async with s.post(url + "/" + way, json=body(i)) as r:
                await r.json(content_type=None)
        async with s.post(url, data=json.dumps(body(5)).encode()) as r:
            await r.read()
        async with s.get(url) as r:
            await r.read()
asyncio.run(main())
""")
        lines = self.expect("aiohttp", 0, 1, 2, 3, 4, 5)
        self.assertTrue(all(x.get("status", 200) == 200 and not x.get("part") for x in lines))

    @needs("aiohttp")
    def test_aiohttp_that_fails(self):
        self.ask("""
import aiohttp
async def main():
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0.5)) as s:
        for way in ("slow", "hangup", "cut"):
            try:
                async with s.post(url + "/" + way, json=body(way)) as r: await r.read()
            except Exception as error: print(repr(error))
        async with s.post(url, json=body("stream")) as r:
            async for piece in r.content.iter_any(): pass
asyncio.run(main())
""")
        got = [x for x in self.calls() if x[0] == "fail"]
        self.assertEqual([x[1] for x in got], ["slow", "hangup", "cut"])
        self.assertEqual(got[0][2], "timeout")
        last = [x for x in self.lines() if x["ev"] == "recv"][-1]
        self.assertTrue(last["part"])
        self.assertNotIn("msg", last)

    def websocket_server(self):
        process = subprocess.Popen([sys.executable, "-c", WS_SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, universal_newlines=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.stdin.close)
        return "ws://127.0.0.1:%d/v3/0123456789abcdef0123456789abcdef" % int(process.stdout.readline())

    @needs("websockets")
    def test_websockets_asyncio(self):
        self.ask("""
import websockets
async def main():
    async with websockets.connect(url) as ws:
        await ws.send("hello")
        for i in range(3):
            await ws.send(json.dumps(body(i)))
        for i in range(3):
            print(await ws.recv())
asyncio.run(main())
""", self.websocket_server())
        lines = self.lines()
        self.assertEqual([x["ev"] for x in lines], ["open"] + ["send"] * 3 + ["recv"] * 3 + ["close", "exit"])
        self.assertTrue(lines[1]["url"].startswith("ws://127.0.0.1:") and lines[1]["url"].endswith("/v3/<redacted>"))
        self.assertTrue(lines[1]["client"].startswith("websockets/"))

    @needs("websockets.legacy.client")
    def test_websockets_legacy(self):
        self.ask("""
from websockets.legacy.client import connect
async def main():
    async with connect(url) as ws:
        for i in range(2):
            await ws.send(json.dumps(body(i)))
            await ws.recv()
asyncio.run(main())
""", self.websocket_server())
        self.expect("websockets", 0, 1)

    @needs("websockets.sync.client")
    def test_websockets_sync(self):
        self.ask("""
from websockets.sync.client import connect
with connect(url) as ws:
    ws.send(json.dumps(body(1))); ws.recv()
    ws.send(json.dumps(body(2, "eth_never")))
    try: ws.recv(timeout=0.2)
    except TimeoutError: print("timeout")
""", self.websocket_server())
        self.assertEqual(self.calls(), [("send", 1, "eth_chainId"), ("recv", 1, "0x1"), ("send", 2, "eth_never"), ("fail", 2, "timeout")])

    @needs("websockets.sync.client")
    def test_websockets_sync_that_waits_again(self):
        """Who asks for a message in vain has not given up on the call, until
        it goes on to the next."""
        self.ask("""
from websockets.sync.client import connect
def nothing():
    try: ws.recv(timeout=0.1)
    except TimeoutError: return True
with connect(url) as ws:
    ws.send(json.dumps(body(1, "eth_late")))
    assert nothing() and nothing()
    ws.send("now")
    ws.recv()
    ws.send(json.dumps(body(2, "eth_never")))
    assert nothing()
    ws.send(json.dumps(body(3))); ws.recv()
    assert nothing()
""", self.websocket_server())
        self.assertEqual(
            [call[:2] for call in self.calls()],
            [("send", 1), ("recv", 1), ("send", 2), ("fail", 2), ("send", 3), ("recv", 3)],
        )

    @needs("web3")
    def test_web3_http(self):
        self.ask("""
from web3 import Web3, HTTPProvider
w3 = Web3(HTTPProvider(url))
assert w3.eth.chain_id == 1
try: w3.provider.make_request("eth_nothing", [])
except Exception: pass
assert w3.eth.block_number == 16
""")
        lines = self.lines()
        sent = [x["msg"]["method"] for x in lines if x["ev"] == "send"]
        self.assertEqual(sent, ["eth_chainId", "eth_nothing", "eth_blockNumber"])
        self.assertEqual(sum(x["ev"] == "recv" for x in lines), 3)
        self.assertTrue(lines[1]["client"].startswith("web3.py/"))

    @needs("web3")
    def test_web3_async_http(self):
        import web3

        if not hasattr(web3, "AsyncWeb3"):
            self.skipTest("this web3.py has no AsyncWeb3")
        self.ask("""
from web3 import AsyncWeb3, AsyncHTTPProvider
async def main():
    w3 = AsyncWeb3(AsyncHTTPProvider(url))
    assert await w3.eth.chain_id == 1
    await asyncio.gather(*[w3.eth.block_number for i in range(3)])
    if hasattr(w3.provider, "disconnect"): await w3.provider.disconnect()
asyncio.run(main())
""", code=None)
        lines = self.lines()
        self.assertEqual(sum(x["ev"] == "send" for x in lines), 4)
        self.assertEqual(sum(x["ev"] == "recv" for x in lines), 4)
        self.assertTrue(lines[1]["client"].startswith("web3.py/"))

    @needs("web3")
    def test_web3_ipc(self):
        path = os.path.join(self.dir, "geth.ipc")
        with UnixServer(path):
            self.ask("""
from web3 import Web3, IPCProvider
w3 = Web3(IPCProvider(url, timeout=1))
assert w3.eth.chain_id == 1
try: w3.provider.make_request("eth_never", [])
except Exception as error: print(repr(error))
assert w3.eth.block_number == 16
""", path)
        lines = self.lines()
        self.assertEqual([x["ev"] for x in lines], ["open", "send", "recv", "send", "fail", "close", "open", "send", "recv", "exit"])
        self.assertEqual(lines[4]["err"], "timeout")
        self.assertEqual((lines[0]["peer"], lines[0]["url"]), (path, path))
        self.assertTrue(lines[0]["client"].startswith("web3.py/"))

    @needs("web3.providers.persistent.async_ipc")
    def test_web3_async_ipc(self):
        path = os.path.join(self.dir, "geth.ipc")
        with UnixServer(path):
            self.ask("""
from web3 import AsyncWeb3
from web3.providers.persistent import AsyncIPCProvider
async def main():
    async with AsyncWeb3(AsyncIPCProvider(url)) as w3:
        assert await w3.eth.chain_id == 1
        assert await w3.eth.block_number == 16
asyncio.run(main())
""", path)
        lines = self.lines()
        self.assertEqual([x["ev"] for x in lines if x["ev"] in ("send", "recv")], ["send", "recv"] * (sum(x["ev"] == "send" for x in lines)))

    @needs("web3.providers.persistent.websocket")
    def test_web3_websocket(self):
        self.ask("""
from web3 import AsyncWeb3, WebSocketProvider
async def main():
    async with AsyncWeb3(WebSocketProvider(url)) as w3:
        assert await w3.eth.chain_id == 1
        assert await w3.eth.block_number == 16
asyncio.run(main())
""", self.websocket_server())
        lines = self.lines()
        self.assertEqual(sum(x["ev"] == "send" for x in lines), sum(x["ev"] == "recv" for x in lines))
        self.assertIn("eth_blockNumber", [x["msg"]["method"] for x in lines if x["ev"] == "send"])
        self.assertRegex(lines[1]["client"], "^(web3.py|websockets)/")  # asyncio.wait_for hides the caller before 3.12


if __name__ == "__main__":
    unittest.main()
